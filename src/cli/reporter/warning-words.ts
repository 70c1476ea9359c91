import type { DowntimeWarning } from '../../app/views.ts'
import { listWords, timeWords } from './amount-words.ts'

/** Words of what users would notice. */
export function warningWords(warning: DowntimeWarning): string {
  switch (warning.warning) {
    case 'first-run-takes-ports':
      return `${listWords(warning.containers)} ${warning.containers.length === 1 ? 'serves' : 'serve'} port ${listWords(warning.ports)} now. ${gapWords(warning)}`
    case 'proxy-recreated':
      return `The proxy must be made anew to publish port ${listWords(warning.ports)}: users get no answer for a moment.`
    case 'shared-changed':
      return sharedChangedWords(warning)
    case 'singleton-gap':
      return `${warning.service} runs nowhere for a moment while it is handed over.`
    case 'no-health-check':
      return `${warning.service} has no health check: it counts as healthy once it answers.`
    case 'proxy-cannot-keep-idle-connections':
      return `nginx ${warning.version} closes idle connections at a switch: some clients lose a request. 1.27.4 or newer does not.`
  }
}

/** What users notice the one time that ports change hands. */
export function gapWords({ gapMs }: { gapMs: number }): string {
  return `At the switch, this once, the proxy takes over: users get no answer for about ${timeWords(gapMs)}, and requests under way are cut off.`
}

/** What becomes of shared services whose definition is another one than they run as. */
export function sharedChangedWords({ fate, services }: SharedChanged): string {
  const which = `The definition of ${listWords(services)} changed.`
  const it = services.length === 1 ? 'it' : 'they'
  switch (fate) {
    case 'leave':
      return `${which} ${services.length === 1 ? 'It is left as it runs' : 'They are left as they run'}; "upgrade perform --include-shared" makes ${services.length === 1 ? 'it' : 'them'} anew, which interrupts both colors.`
    case 'recreate':
      return `${which} Made anew, ${it} ${services.length === 1 ? 'does' : 'do'} not run for a moment, for users either; a rollback does not take that back.`
  }
}

type SharedChanged = { services: readonly string[]; fate: 'leave' | 'recreate' }
