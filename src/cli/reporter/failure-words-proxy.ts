import type { Failure } from '../../domain/failure.ts'
import { sentence, timeWords } from './amount-words.ts'
import { asSentence, type FailureContext, logOf, type ToldFailure } from './told-failure.ts'

type ProxyOrCommand = Extract<
  Failure,
  {
    code:
      | 'proxy-absent'
      | 'proxy-silent'
      | 'maintenance-unknown'
      | 'reload-without-effect'
      | 'command-failed'
      | 'timed-out'
      | 'interrupted'
  }
>

/** Words for failures of the proxy, and of what was run. */
export function tellProxyFailure(failure: ProxyOrCommand, context: FailureContext): ToldFailure {
  switch (failure.code) {
    case 'proxy-absent':
      return {
        what: `No proxy runs for ${context.app ?? 'this app'}.`,
        why: ['Without it nobody is sent to either color.'],
        next: [{ run: 'upgrade proxy start', gives: 'starts it with the configuration it had' }],
      }
    case 'proxy-silent':
      return {
        what: 'The proxy runs but does not answer.',
        why: [asSentence(`${failure.container}: ${failure.reason}`), ...logOf(failure.logs)],
        next: [
          { run: `docker logs --tail 50 ${failure.container}` },
          { run: 'upgrade doctor --fix', gives: 'waits for it; makes it anew if it stays silent' },
        ],
      }
    case 'maintenance-unknown':
      return {
        what: 'The installed nginx configuration knows no maintenance.',
        why: ['A site.conf.ejs of your own takes the place of the built-in one, and has no part for it.'],
        next: [
          { words: 'Take the lines with "maintenance" over from the built-in site.conf.ejs, then perform.' },
          { run: 'upgrade proxy config', gives: 'shows what is installed' },
        ],
      }
    case 'reload-without-effect':
      return {
        what: 'nginx went on with its old configuration.',
        why: [
          asSentence(
            `New connections should be answered by generation ${failure.expected}; they got ${failure.answered}`,
          ),
          ...logOf(failure.logs),
        ],
        next: [{ run: 'upgrade proxy logs', gives: 'shows why nginx did not take it' }],
      }
    case 'command-failed':
      return {
        what: `A command ${failure.exitCode === undefined ? 'failed' : `ended with exit code ${failure.exitCode}`}.`,
        why: [`It was: ${failure.command}`, ...logOf(failure.output)],
        next: [{ run: 'upgrade doctor', gives: 'looks for the usual causes' }],
      }
    case 'timed-out':
      return {
        what: `${sentence(failure.what)} took longer than ${timeWords(failure.afterMs)}.`,
        why: [],
        next: [{ run: 'upgrade doctor', gives: 'looks for the usual causes' }],
      }
    case 'interrupted':
      return {
        what: `Interrupted by ${failure.signal}.`,
        why: [],
        next: [{ run: 'upgrade status', gives: 'shows where things stand' }],
      }
  }
}
