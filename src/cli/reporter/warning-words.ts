import type { DowntimeWarning } from '../../app/views.ts'
import { listWords } from './amount-words.ts'

/** Words of what users would notice. */
export function warningWords(warning: DowntimeWarning): string {
  switch (warning.warning) {
    case 'first-run-takes-ports':
      return `${warning.holder} serves port ${listWords(warning.ports)} now. It must be stopped once for the proxy to take over: users get no answer meanwhile.`
    case 'proxy-recreated':
      return `The proxy must be made anew to publish port ${listWords(warning.ports)}: users get no answer for a moment.`
    case 'shared-recreated':
      return `The shared service ${warning.service} changed. It is left as it runs; recreating it would interrupt both colors.`
    case 'singleton-gap':
      return `${warning.service} runs nowhere for a moment while it is handed over.`
    case 'no-health-check':
      return `${warning.service} has no health check: it counts as healthy once it answers.`
    case 'proxy-cannot-keep-idle-connections':
      return `nginx ${warning.version} closes idle connections at a switch: some clients lose a request. 1.27.4 or newer does not.`
  }
}
