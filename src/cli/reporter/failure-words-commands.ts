import { otherColor } from '../../domain/color.ts'
import type { Failure } from '../../domain/failure.ts'
import { countWords, sentence } from './amount-words.ts'
import { freezeWords, holderWords } from './lock-words.ts'
import { asSentence, type FailureContext, logsCommand, type Next, type ToldFailure } from './told-failure.ts'

type Command = Extract<
  Failure,
  {
    code:
      | 'locked'
      | 'lock-lost'
      | 'frozen'
      | 'freeze-of-another'
      | 'already-active'
      | 'not-running'
      | 'standby-unhealthy'
      | 'active-untouchable'
      | 'nothing-deployed'
      | 'no-previous-release'
      | 'snapshot-missing'
      | 'snapshot-broken'
      | 'images-gone'
      | 'needs-confirmation'
      | 'declined'
  }
>

const STATUS: Next = { run: 'upgrade status', gives: 'shows what runs and who serves users' }
const HISTORY: Next = { run: 'upgrade history', gives: 'shows what was deployed' }

/** Words for commands that cannot be done as things stand. */
export function tellCommandFailure(failure: Command, context: FailureContext): ToldFailure {
  switch (failure.code) {
    case 'locked':
      return tellLocked(failure, context)
    case 'lock-lost':
      return {
        what: 'This run lost its lock, and stopped.',
        why: [
          'Another run took it over, or its folder was replaced. What this one had begun is in the journal: the next command finishes it or takes it back.',
        ],
        next: [STATUS],
      }
    case 'frozen':
      return {
        what: `Upgrades of ${context.app ?? 'this app'} are frozen.`,
        why: [freezeWords(failure.freeze)],
        next: [{ run: 'upgrade lock release', gives: 'lifts the freeze' }],
      }
    case 'freeze-of-another':
      return {
        what: 'Somebody else froze it.',
        why: [freezeWords(failure.freeze)],
        next: [{ run: 'upgrade lock release --force', gives: 'lifts it all the same' }],
      }
    case 'already-active':
      return {
        what: `Users are on ${failure.color} already.`,
        why: [],
        next: [
          {
            run: `upgrade switch ${otherColor(failure.color)}`,
            gives: 'would switch them to the other color',
          },
        ],
      }
    case 'not-running':
      return {
        what: `${sentence(failure.color)} does not run.`,
        why: [],
        next: [
          { run: 'upgrade perform', gives: 'brings up what your compose file says now' },
          { run: 'upgrade rollback', gives: 'brings back the release before, from its snapshot' },
        ],
      }
    case 'standby-unhealthy': {
      const logs = logsCommand({ ...context, color: failure.color }, failure.service)
      const force = {
        run: `upgrade switch ${failure.color} --force`,
        gives: 'switches users to it all the same',
      }
      return {
        what: `${sentence(failure.color)} is not healthy.`,
        why: [asSentence(`${failure.service}: ${failure.evidence}`)],
        next: context.containers === 'removed' ? [logs] : [logs, force],
      }
    }
    case 'active-untouchable':
      return {
        what: `${sentence(failure.color)} serves users, so it is left alone.`,
        why: [],
        next: [
          { run: `upgrade cleanup ${otherColor(failure.color)}`, gives: 'cleans up the other color' },
          STATUS,
        ],
      }
    case 'nothing-deployed':
      return {
        what: `No release of ${context.app ?? 'this app'} serves users yet.`,
        why: [],
        next: [{ run: 'upgrade perform --auto-switch', gives: 'makes the first one' }],
      }
    case 'no-previous-release':
      return {
        what: 'There is no release to go back to.',
        why: ['Only what serves now was ever switched to, or all older snapshots were pruned.'],
        next: [HISTORY, { run: 'upgrade eject', gives: 'gives the app back to plain docker compose' }],
      }
    case 'snapshot-missing':
    case 'snapshot-broken':
    case 'images-gone':
      return tellSnapshot(failure)
    case 'declined':
      return { what: 'You said no.', why: [], next: [STATUS] }
    case 'needs-confirmation':
      return {
        what: 'This needs a yes, and there is no terminal to ask on.',
        why: [failure.question],
        next: [
          context.command === undefined
            ? { words: 'Say it beforehand: add --yes to the command.' }
            : { run: `upgrade ${context.command} --yes`, gives: 'says it beforehand' },
        ],
      }
  }
}

function tellLocked(failure: Extract<Failure, { code: 'locked' }>, context: FailureContext): ToldFailure {
  const { holder } = failure
  return {
    what: `Another upgrade of ${context.app ?? 'this app'} is running.`,
    why: holder === undefined ? ['It does not say whose it is.'] : [holderWords(holder)],
    next: [STATUS],
  }
}

function tellSnapshot(
  failure: Extract<Failure, { code: 'snapshot-missing' | 'snapshot-broken' | 'images-gone' }>,
): ToldFailure {
  switch (failure.code) {
    case 'snapshot-missing': {
      const [first] = failure.known
      return {
        what: `There is no snapshot ${failure.id}.`,
        why: [first === undefined ? 'There is none at all.' : `There are ${failure.known.join(', ')}.`],
        next: first === undefined ? [HISTORY] : [{ run: `upgrade rollback --to ${first}` }, HISTORY],
      }
    }
    case 'snapshot-broken':
      return {
        what: `The snapshot ${failure.id} cannot be used.`,
        why: [asSentence(failure.reason)],
        next: [HISTORY, { run: 'upgrade rollback --to RELEASE', gives: 'goes back to another one' }],
      }
    case 'images-gone':
      return {
        what: `${sentence(countWords(failure.images.length, 'image'))} of ${failure.id} ${failure.images.length === 1 ? 'is' : 'are'} gone.`,
        why: [`Missing: ${failure.images.join(', ')}.`],
        next: [HISTORY, { run: 'upgrade rollback --to RELEASE', gives: 'goes back to another one' }],
      }
  }
}
