import type { ClassReason, ServiceClass } from '../../domain/service.ts'
import { listWords } from './amount-words.ts'

/** What a class of service means for an upgrade. */
export function classWords(serviceClass: ServiceClass): string {
  switch (serviceClass) {
    case 'shared':
      return 'runs once, for both colors'
    case 'colored':
      return 'runs in each color'
    case 'singleton':
      return 'runs in the active color only'
    case 'job':
      return 'runs to its end before the color starts'
  }
}

/** Why a service got its class. */
export function reasonWords(reason: ClassReason): string {
  switch (reason.because) {
    case 'configured':
      return 'as upgrade.yaml says'
    case 'label':
      return 'as its label says'
    case 'known-image':
      return `${reason.image} keeps data`
    case 'data-volume':
      return `it keeps data in the volume ${reason.volume}, at ${reason.target}`
    case 'completes-for':
      return `${listWords(reason.dependents)} ${reason.dependents.length === 1 ? 'waits' : 'wait'} for its end`
    case 'default':
      return 'as nothing says otherwise'
  }
}
