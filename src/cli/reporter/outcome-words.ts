import type { Event, StepSubject } from '../../app/events.ts'
import type { Color } from '../../domain/color.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { countWords, listWords, sentence, timeWords } from './amount-words.ts'
import { tellBegun } from './begun-words.ts'
import { tellFailure } from './failure-words.ts'
import type { Next, Told, ToldFailure } from './told-failure.ts'
import { probeWords } from './traffic-words.ts'
import { changedNothing, notAffected, usersOfAborted } from './users-words.ts'

type OutcomeEvent = Extract<Event, { type: 'outcome' }>

/** What the run showed on its way that its outcome does not repeat. */
export type Seen = {
  subject: StepSubject | undefined
  cleanedUp: boolean
  /** What the way back does to the containers that the run started. */
  containers: 'kept' | 'removed'
}

/** How a command ended, what users saw of it, and what can be done next. */
export function tellOutcome(event: OutcomeEvent, seen: Seen): Told {
  const { app, outcome } = event
  switch (outcome.kind) {
    case 'switched':
      return tellSwitched(event, outcome, seen)
    case 'prepared':
      return tellPrepared(event, outcome, seen)
    case 'unchanged':
      return {
        sign: 'done',
        what: `Nothing to do: ${outcome.color} serves this very release of ${app}.`,
        why: [`${outcome.release} has the same images, configuration and environment.`],
        users: undefined,
        next: [{ run: 'upgrade perform --force', gives: 'deploys it all the same' }],
      }
    case 'cleaned':
      return tellCleaned(outcome)
    case 'ejected':
      return tellEjected(app, outcome)
    case 'refused':
      return failed(failureOf(event, seen, undefined), changedNothing(app, undefined))
    case 'aborted': {
      const { active, begun } = outcome
      const users = usersOfAborted(app, outcome, seen.subject)
      return failed(tellBegun(failureOf(event, seen, active), begun), users)
    }
    case 'rolled-back':
      return failed(failureOf(event, seen, outcome.active), tellBack(app, outcome, seen))
    case 'stuck':
      return tellStuck(event, outcome, seen)
  }
}

function tellSwitched(
  { app, command, durationMs }: OutcomeEvent,
  outcome: Extract<Outcome, { kind: 'switched' }>,
  seen: Seen,
): Told {
  const { from, own, probe, release, switchMs, to, url } = outcome
  const back = command.startsWith('rollback')
  return {
    sign: 'done',
    what: `${sentence(to)} serves ${app} ${back ? 'again' : 'now'}${url === undefined ? '.' : `: ${url}`}`,
    why: [
      `${release}, switched in ${timeWords(switchMs)}, ${timeWords(durationMs)} in all.`,
      ...tellHandedOver(outcome),
      ...probeWords(probe),
    ],
    users: undefined,
    next:
      from === undefined
        ? [STATUS, ...(own === undefined ? [] : [BACK, EJECT])]
        : afterSwitch({ from, back, cleanedUp: seen.cleanedUp }),
  }
}

/** What the ports' one change of hands cost, and what became of what had them. */
function tellHandedOver({ gapMs, own }: Extract<Outcome, { kind: 'switched' }>): string[] {
  const gap = `The ports were nobody's for ${timeWords(gapMs ?? 0)}.`
  const kept = `Your own ${listWords(own ?? [])} ${own?.length === 1 ? 'is stopped, not removed; do not start it by hand.' : 'are stopped, not removed; start none of them by hand.'}`
  return [...(gapMs === undefined ? [] : [gap]), ...(own === undefined ? [] : [kept])]
}

function tellEjected(
  app: string,
  { containers, from, gapMs, release, services, url }: Extract<Outcome, { kind: 'ejected' }>,
): Told {
  return {
    sign: 'done',
    what: `Plain docker compose runs ${app} again${url === undefined ? '.' : `: ${url}`}`,
    why: [
      `${listWords(services)} ${services.length === 1 ? 'runs' : 'run'} ${containers === 'made' ? `what ${release} did` : `as before ${release}, whatever the compose file says now`}. Users got no answer for ${timeWords(gapMs)}, some for up to 1 s longer.`,
      `The proxy, ${from} and the other color are removed; records, snapshots and their images are kept.`,
    ],
    users: undefined,
    next: [
      { run: 'docker compose ps', gives: 'shows what runs' },
      { run: 'upgrade perform', gives: 'takes it over again' },
    ],
  }
}

function afterSwitch({ from, back, cleanedUp }: { from: Color; back: boolean; cleanedUp: boolean }): Next[] {
  if (cleanedUp) return [{ run: 'upgrade rollback', gives: `starts ${from} again and puts users back on it` }]
  const forth = back ? `upgrade switch ${from}` : 'upgrade rollback'
  return [
    { run: forth, gives: `puts users back on ${from} at once` },
    { run: `upgrade cleanup ${from}`, gives: `stops ${from}, once you are sure` },
  ]
}

function tellPrepared(
  { app }: OutcomeEvent,
  { color, preview, release }: Extract<Outcome, { kind: 'prepared' }>,
  { subject }: Seen,
): Told {
  return {
    sign: 'done',
    what: `${sentence(color)} is ready${preview === undefined ? '.' : `, for your eyes only: ${preview}`}`,
    why: [`It runs ${release}.`],
    users: notAffected(app, subject?.from, subject),
    next: [
      { run: `upgrade switch ${color}`, gives: 'switches users to it' },
      { run: `upgrade cleanup ${color} --remove`, gives: 'discards it' },
    ],
  }
}

function tellCleaned({ color, containers, removed }: Extract<Outcome, { kind: 'cleaned' }>): Told {
  const what =
    containers === 0
      ? `Nothing of ${color} was left to ${removed ? 'remove' : 'stop'}.`
      : `${removed ? 'Removed' : 'Stopped'} ${color}: ${countWords(containers, 'container')}.`
  if (containers === 0) return { sign: 'done', what, why: [], users: undefined, next: [STATUS] }
  const next: Next[] = [{ run: 'upgrade rollback', gives: 'still works: it starts from the snapshot' }]
  const remove = { run: `upgrade cleanup ${color} --remove`, gives: 'also removes its containers' }
  return { sign: 'done', what, why: [], users: undefined, next: removed ? next : [...next, remove] }
}

function tellBack(
  app: string,
  { active, step }: Extract<Outcome, { kind: 'rolled-back' }>,
  { subject }: Seen,
): string {
  if (subject?.own !== undefined) return `It was taken back: your own containers serve ${app} again.`
  if (active === undefined) return `It was taken back: no release serves ${app}, as before.`
  if (step === 'switch') return `It was taken back: ${active} serves ${app}, as before.`
  return `Users were on ${subject?.color ?? 'the new color'} for a moment; ${active} serves ${app} again.`
}

function tellStuck(
  event: OutcomeEvent,
  { active, wayBack }: Extract<Outcome, { kind: 'stuck' }>,
  seen: Seen,
): Told {
  const failure = failureOf(event, seen, active)
  const back = tellFailure(wayBack, { app: event.app, active, color: seen.subject?.color })
  return {
    sign: 'failed',
    what: failure.what,
    // Without its lock a run does not try.
    why:
      wayBack.code === 'lock-lost'
        ? failure.why
        : [...failure.why, `The way back failed too: ${back.what}`, ...back.why],
    users: 'Who serves users is not certain. This needs a person:',
    next: [
      { run: 'upgrade status', gives: 'asks nginx who serves users' },
      ...(active === undefined
        ? []
        : [{ run: `upgrade switch ${active} --force`, gives: `puts users on ${active}, where they were` }]),
      { run: 'upgrade proxy logs', gives: 'shows what nginx says' },
      ...back.next.filter((next) => !('run' in next && /^upgrade (status|proxy logs)$/.test(next.run))),
    ],
  }
}

const BACK: Next = { run: 'upgrade rollback', gives: 'starts your own containers again, as they were' }
const EJECT: Next = { run: 'upgrade eject', gives: 'gives it back to plain docker compose' }
const STATUS: Next = { run: 'upgrade status', gives: 'shows what runs' }

function failureOf(
  { app, command, outcome }: OutcomeEvent,
  seen: Seen,
  active: Color | undefined,
): ToldFailure {
  if (!('failure' in outcome)) return { what: '', why: [], next: [] }
  return tellFailure(outcome.failure, {
    app,
    active,
    command,
    color: seen.subject?.color,
    containers: seen.containers,
  })
}

function failed(failure: ToldFailure, users: string): Told {
  return { sign: 'failed', ...failure, users }
}
