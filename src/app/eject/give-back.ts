import type { Color } from '../../domain/color.ts'
import { type Failure, failureOf } from '../../domain/failure.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { type HistoryEntry, type Metadata, RECORD_FORMAT } from '../../domain/release.ts'
import type { Route } from '../../domain/service.ts'
import type { Site } from '../../domain/site.ts'
import { firstUserUrl } from '../../domain/user-url.ts'
import type { Context, Held } from '../command.ts'
import { insist } from '../insist.ts'
import { entryOf } from '../journal-entry.ts'
import type { Journal } from '../ports/records.ts'
import { type Answers, finishEject, giveUsersBack, moveToOwn } from './move.ts'

/** Users leave a color for containers of their own project, which are there and do not run yet. */
export type GivingBack = {
  command: 'eject' | 'rollback'
  color: Color
  /** What runs in the color. */
  release: Metadata
  routes: Route[]
  /** Whose containers start. */
  services: string[]
  site: Site
  answers: Answers
}

/** Plain Compose runs the app again; the proxy and the colors are gone. What fails puts users back on the color. */
export async function giveBack(context: Context, held: Held, back: GivingBack): Promise<Outcome> {
  const { ports } = context
  const { color, command, release, routes, services } = back
  await held.held.check()
  await held.held.at('switch')
  const journal = journalOf(context, held, back)
  try {
    await ports.store.writeJournal(journal)
    const gapMs = await moveToOwn(context, { ...back, journal })
    await ports.store.writeJournal({ ...journal, step: 'cleanup' })
    await leave(context, journal)
    const url = firstUserUrl(routes, undefined)
    const way = command === 'rollback' ? 'kept' : 'made'
    return { kind: 'ejected', from: color, release: release.id, gapMs, services, containers: way, url }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    ports.machine.heedInterruption()
    const problem = await insist(ports.machine, () => giveUsersBack(context, journal, release))
    if (problem !== undefined)
      return { kind: 'stuck', failure, step: 'switch', wayBack: problem, active: color }
    await closed(context, journal, { result: 'rolled-back', reason: failure.code })
    return { kind: 'rolled-back', failure, step: 'switch', active: color }
  }
}

function journalOf(
  { settings }: Context,
  { held, startedAtMs }: Held,
  { color, command, release, services, site }: GivingBack,
): Journal {
  return {
    format: RECORD_FORMAT,
    app: settings.app,
    command,
    holder: held.me,
    target: color,
    from: color,
    release: release.id,
    previous: release.id,
    generation: site.generation,
    startsColor: false,
    madeProxy: false,
    displaced: undefined,
    ejects: services,
    step: 'switch',
    startedAt: new Date(startedAtMs).toISOString(),
  }
}

/** Users are on their own containers for good: what cannot be removed now, the next command removes. */
async function leave(context: Context, journal: Journal): Promise<void> {
  const { machine } = context.ports
  machine.heedInterruption()
  const problem = await insist(machine, () => finishEject(context))
  if (problem === undefined) return closed(context, journal, { result: 'ejected', reason: undefined })
  tell(context, 'colors and proxy', problem)
}

/** What it came to is so, whether or not it can be written down; the journal tells the next command. */
async function closed(
  context: Context,
  journal: Journal,
  end: Pick<HistoryEntry, 'reason' | 'result'>,
): Promise<void> {
  const { machine, store } = context.ports
  const problem = await insist(machine, async () => {
    await store.append(entryOf(context, journal, end))
    await store.clearJournal()
  })
  if (problem !== undefined) tell(context, 'journal.json', problem)
}

function tell({ emit }: Context, what: string, { code }: Failure): void {
  emit({ type: 'note', note: { note: 'leftover', what, reason: code } })
}
