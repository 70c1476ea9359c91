import type { Failure } from '../../domain/failure.ts'
import { listWords, timeWords } from './amount-words.ts'
import { asSentence, type ToldFailure } from './told-failure.ts'

export type EjectFailure = Extract<
  Failure,
  { code: 'eject-differs' | 'eject-unpublished' | 'eject-crowded' | 'eject-unanswered' }
>

/** Words for an app that cannot be given back to plain Compose. */
export function tellEjectFailure(failure: EjectFailure): ToldFailure {
  switch (failure.code) {
    case 'eject-differs':
      return {
        what: 'Your files say something else than what users have.',
        why: [
          `Plain docker compose would run what they say now, which nobody has checked; users have ${failure.release}.`,
        ],
        next: [
          { run: 'upgrade plan', gives: 'shows what differs' },
          { run: 'upgrade perform', gives: 'deploys it; then eject' },
        ],
      }
    case 'eject-unpublished':
      return {
        what: `No service of your compose file publishes port ${listWords(failure.ports)}.`,
        why: ['Users come by it; without the proxy nobody would answer there.'],
        next: [{ words: 'Give the web service `ports:` in the compose file, and perform.' }],
      }
    case 'eject-crowded':
      return {
        what: `Plain docker compose cannot run ${failure.replicas} of ${failure.service}: they would all publish port ${failure.port}.`,
        why: ['Only one container can; behind the proxy they need not.'],
        next: [
          {
            words: `Have one replica of ${failure.service} in the compose file, or give its port to a service that passes requests on, and perform; then eject.`,
          },
        ],
      }
    case 'eject-unanswered':
      return {
        what: `Your own containers gave no good answer on port ${failure.port} within ${timeWords(failure.waitedMs)}.`,
        why: [asSentence(failure.evidence)],
        next: [{ run: 'docker compose logs --tail 50', gives: 'shows what they print' }],
      }
  }
}
