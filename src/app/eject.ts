import type { Color } from '../domain/color.ts'
import { Expected, type Failure, failureOf } from '../domain/failure.ts'
import type { Outcome } from '../domain/outcome.ts'
import { type HistoryEntry, type Metadata, RECORD_FORMAT } from '../domain/release.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Route } from '../domain/service.ts'
import type { Site } from '../domain/site.ts'
import { firstUserUrl } from '../domain/user-url.ts'
import { type Context, type Held, runCommand } from './command.ts'
import { type Draft, draftRelease } from './draft-release.ts'
import { finishEject, giveUsersBack, moveToOwn } from './eject/move.ts'
import { insist } from './insist.ts'
import { entryOf } from './journal-entry.ts'
import type { Journal } from './ports/records.ts'
import { isSameRelease } from './same-release.ts'
import { servingSite } from './switch.ts'

/** Gives the app back to plain `docker compose up`: the user's own project runs, colors and proxy are gone. */
export function eject(context: Context): Promise<Outcome> {
  return runCommand(context, 'eject', async (held) => {
    const { emit, ports } = context
    const site = await servingSite(context, held)
    const { color, release, routes, services } = await planEject(context, held, site)
    const listen = [...new Set(routes.map((route) => route.listen))]
    emit({ type: 'note', note: { note: 'ejecting', services, ports: listen } })
    held.begins('eject')
    await ports.platform.createOwn(services)
    await held.held.check()
    await held.held.at('switch')
    const journal = journalOf(context, held, { color, release, services, site })
    try {
      await ports.store.writeJournal(journal)
      const gapMs = await moveToOwn(context, { journal, release, routes })
      await ports.store.writeJournal({ ...journal, step: 'cleanup' })
      await leave(context, journal)
      const url = firstUserUrl(routes, undefined)
      return { kind: 'ejected', from: color, release: release.id, gapMs, services, url }
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
  })
}

type Ejection = { color: Color; release: Metadata; routes: Route[]; services: string[] }

/** What the user's own files would run is what users have, and it publishes the ports they come by. */
async function planEject(context: Context, { active, world }: Held, site: Site): Promise<Ejection> {
  if (active === undefined) throw new Expected({ code: 'nothing-deployed' })
  const draft = await draftRelease(context, { color: active, at: context.ports.machine.now() })
  const id = runningRelease(world, active) ?? site.releases[active]
  const release = world.records.snapshots.find((snapshot) => snapshot.id === id)
  if (release === undefined || !(await isSameRelease(context, draft, release)))
    throw new Expected({ code: 'eject-differs', release: id ?? active })
  const unpublished = site.listeners.map(({ port }) => port).filter((port) => !publishes(draft, port))
  if (unpublished.length > 0) throw new Expected({ code: 'eject-unpublished', ports: unpublished })
  const services = draft.services
    .filter((service) => service.class === 'colored' || service.class === 'singleton')
    .map((service) => service.name)
  return { color: active, release, routes: draft.routes, services }
}

function publishes({ original }: Draft, port: number): boolean {
  return Object.values(original.services).some((service) =>
    service.ports?.some((each) => Number(each.published) === port),
  )
}

function journalOf(
  { settings }: Context,
  { held, startedAtMs }: Held,
  { color, release, services, site }: Omit<Ejection, 'routes'> & { site: Site },
): Journal {
  return {
    format: RECORD_FORMAT,
    app: settings.app,
    command: 'eject',
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
