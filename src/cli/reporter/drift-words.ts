import type { Drift } from '../../domain/facts.ts'
import { listWords } from './amount-words.ts'
import { setAsideWords } from './note-words.ts'
import type { Next } from './told-failure.ts'

/** Words of a difference between what was written down and what is, and its cure. */
export function driftWords(drift: Drift, app: string): { text: string; next: Next[] } {
  switch (drift.kind) {
    case 'record-set-aside':
      return { text: setAsideWords(drift), next: [] }
    case 'active-record':
      return {
        text: `The record says that ${drift.recorded ?? 'nothing'} is active; nginx says ${drift.observed ?? 'nothing'}. nginx is right, and the next command that changes something corrects the record.`,
        next: [],
      }
    case 'release-record':
      return {
        text: `The record says that ${drift.color} runs ${drift.recorded}; it runs ${drift.observed ?? 'nothing'}.`,
        next: [FIX],
      }
    case 'history-record':
      return {
        text: `${drift.recorded === undefined ? 'History has no switch' : `The last switch in history leads to ${drift.recorded}`}; users are on ${drift.observed}${drift.release === undefined ? '' : `, ${drift.release}`}.`,
        next: [FIX],
      }
    case 'proxy-files':
      return {
        text: `Somebody changed files of the proxy: ${listWords(drift.files)}. nginx goes on as it is; a restart would read them.`,
        next: [FIX],
      }
    case 'foreign-containers':
      return {
        text: `${listWords(drift.containers)} in ${drift.color} ${drift.containers.length === 1 ? 'is' : 'are'} of no release: somebody started ${drift.containers.length === 1 ? 'it' : 'them'} by hand.`,
        next: [{ run: `docker compose -p ${app}-${drift.color} ps --all`, gives: 'shows what runs there' }],
      }
    case 'singleton-astray':
      return {
        text: `${listWords(drift.services)} must not run twice, and ${drift.services.length === 1 ? 'runs' : 'run'} in ${drift.color}, too.`,
        next: [
          {
            run: `docker compose -p ${app}-${drift.color} stop ${drift.services.join(' ')}`,
            gives: 'ends what users do not need',
          },
        ],
      }
    case 'own-beside':
      return {
        text: besideWords(drift, app),
        next: [
          {
            run: `docker compose -p ${app} stop ${drift.services.join(' ')}`,
            gives: 'ends what users do not need',
          },
        ],
      }
    case 'active-not-running':
      return {
        text: `${drift.color} serves users, but ${drift.running} of its ${drift.expected} containers run.`,
        next: [
          { run: `docker compose -p ${app}-${drift.color} ps --all`, gives: 'shows which do not' },
          { run: 'upgrade rollback', gives: 'puts users on the release before' },
        ],
      }
    case 'shared-differs':
      return {
        text: `${listWords(drift.services)} ${drift.services.length === 1 ? 'runs' : 'run'} as another definition than ${drift.release} was deployed with.`,
        next: [
          {
            run: 'upgrade plan --include-shared',
            gives: 'tells what it takes to make them as the compose file says',
          },
        ],
      }
    case 'proxy-down':
      return {
        text: `Users get no answer: the proxy ${proxyWords(drift.state)}.`,
        next:
          drift.state === 'silent'
            ? [FIX]
            : [{ run: 'upgrade proxy start', gives: 'starts it with the configuration it had' }],
      }
    case 'snapshot-lost':
      return {
        text: `The snapshot of ${drift.release}, which runs in ${drift.color}, is gone: it cannot be started again.`,
        next: [{ run: 'upgrade perform --force', gives: 'makes a release that has one' }],
      }
  }
}

function besideWords({ services, twice }: Extract<Drift, { kind: 'own-beside' }>, app: string): string {
  const runs = `Somebody started ${listWords(services)} in your own project ${app}, beside the color that users are on.`
  if (twice.length === 0) return `${runs} No user gets there.`
  return `${runs} ${listWords(twice)} must not run twice, and ${twice.length === 1 ? 'does' : 'do'}.`
}

const FIX: Next = { run: 'upgrade doctor --fix', gives: 'puts it right' }

function proxyWords(state: 'absent' | 'stopped' | 'silent'): string {
  switch (state) {
    case 'absent':
      return 'is gone'
    case 'stopped':
      return 'is stopped'
    case 'silent':
      return 'runs but does not answer'
  }
}
