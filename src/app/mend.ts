import { didSwitch } from '../domain/choose-rollback.ts'
import { judgeDrift, observedActive, observedRelease } from '../domain/drift.ts'
import type { World } from '../domain/facts.ts'
import { Expected, type Failure, failureOf } from '../domain/failure.ts'
import { isBeforeTheLine } from '../domain/steps.ts'
import type { Context } from './command.ts'
import type { Note } from './events.ts'
import { holdLock } from './hold-lock.ts'
import { attempt } from './insist.ts'
import { entryOf } from './journal-entry.ts'
import { knownSite, listenPorts, rebuiltSite, runningColors } from './known-site.ts'
import { refuseFrozen } from './lock.ts'
import { bringUpProxy } from './proxy.ts'
import { recover } from './recover.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { rejoinColors } from './rejoin-colors.ts'
import { startWithEngine } from './start-with-engine.ts'
import { observeWorld, tellSetAside } from './world.ts'

/** What was mended, and what should have been and could not be. */
export type Mended = { done: Note[]; failed: { what: MendId; failure: Failure }[] }

export type MendId = 'proxy' | 'dead-run' | 'restarts' | 'proxy-files' | 'networks' | 'records'

const COMMAND = 'doctor --fix'
const CONFIRMATIONS = { times: 5, timeoutMs: 5_000 }

/**
 * Puts right what needs nobody's choice: rights of files, the lock and the rest of a dead run, the proxy, its files,
 * connections to the networks of colors, records. Users stay on what they are on; under the lock.
 */
export async function mend(context: Context): Promise<Mended> {
  const { ports } = context
  const done: Note[] = []
  const failed: Mended['failed'] = []
  const quietly: Context = {
    ...context,
    emit: (event) => {
      if (event.type === 'note') done.push(event.note)
    },
  }
  const paths = await ports.store.tighten()
  if (paths.length > 0) done.push({ note: 'rights-taken', paths })
  await ports.store.check()
  await holdLock(context, COMMAND, async ({ tookOver }) => {
    await refuseFrozen(ports)
    if (tookOver !== undefined)
      done.push({ note: 'lock-taken-over', holder: `${tookOver.command} (pid ${tookOver.pid})` })
    let world = await observeWorld(ports, context.settings.app)
    await refuseForeign({ machine: ports.machine, settings: context.settings }, world)
    tellSetAside(world, quietly.emit)
    // In this order: without nginx nobody can tell what became of a dead run, nor what the records should say.
    for (const [what, act] of Object.entries(MENDS) as [MendId, Mend][]) {
      const failure = await attempt(() => act(quietly, world))
      ports.machine.throwIfInterrupted()
      if (failure !== undefined) failed.push({ what, failure })
      world = await observeWorld(ports, context.settings.app)
    }
  })
  return { done, failed }
}

type Mend = (context: Context, world: World) => Promise<void>

const MENDS: Record<MendId, Mend> = {
  proxy: mendProxy,
  'dead-run': endDeadRun,
  restarts: startWithEngine,
  'proxy-files': mendFiles,
  networks: mendNetworks,
  records: mendRecords,
}

async function mendProxy(context: Context, world: World): Promise<void> {
  const drift = judgeDrift(world).find((each) => each.kind === 'proxy-down')
  if (drift === undefined || (await endsWithoutIt(context))) return
  try {
    await bringUpProxy(context, world, { recreate: false })
  } catch (error) {
    // One that was given its time and gives no answer serves nobody: made anew it costs users nothing.
    if (failureOf(error)?.code !== 'proxy-silent') throw error
    await bringUpProxy(context, world, { recreate: true })
  }
  context.emit({ type: 'note', note: { note: 'proxy-mended', was: drift.state } })
}

/**
 * A first run that died before the line led nobody anywhere: a proxy made of its containers would. Of a run in
 * which ports change hands the user's own containers may have them, and its end says who gets them.
 */
async function endsWithoutIt({ ports }: Context): Promise<boolean> {
  const journal = await ports.store.readJournal()
  if (journal === undefined) return false
  const changesHands = journal.ejects !== undefined || journal.takesPorts === true
  return changesHands || (journal.from === undefined && isBeforeTheLine(journal.step))
}

async function endDeadRun(context: Context, world: World): Promise<void> {
  const journal = await context.ports.store.readJournal()
  if (journal !== undefined) await recover(context, { command: COMMAND, journal, world })
}

/** The same site once more, as a generation of its own: nginx tests it, and users stay where they are. */
async function mendFiles(context: Context, world: World): Promise<void> {
  const { proxy } = context.ports
  if (world.proxy.state !== 'running') return
  const files = await proxy.changedFiles()
  if (files.length === 0) return
  const site = files.includes('site.json')
    ? await siteOfSnapshots(context, world)
    : await knownSite(context, world)
  if (site === undefined) throw new Expected({ code: 'nothing-deployed' })
  const generation = world.proxy.generation + 1
  await proxy.install({ ...site, active: world.proxy.active, generation })
  await proxy.confirm(generation, CONFIRMATIONS)
  context.emit({ type: 'note', note: { note: 'proxy-files-mended', files, generation } })
}

/** The file that says what nginx serves was changed, too: only what runs tells. */
async function siteOfSnapshots({ ports, settings }: Context, world: World) {
  const releases = runningColors(world)
  const active = observedActive(world)
  const release = active && observedRelease(world, active)
  if (active !== undefined && !releases.some(({ color }) => color === active)) {
    const known = world.records.snapshots.map((each) => each.id)
    throw new Expected({ code: 'snapshot-missing', id: release ?? active, known })
  }
  const wanted = await ports.proxy.ports(listenPorts(releases))
  return rebuiltSite({ world, releases, generation: 0, ports: wanted, settings })
}

async function mendNetworks({ emit, ports }: Context, world: World): Promise<void> {
  const joined = await rejoinColors(ports, world)
  if (joined.length > 0) emit({ type: 'note', note: { note: 'rejoined', joined } })
}

/** What nginx answers is so; the records follow. */
async function mendRecords(context: Context, world: World): Promise<void> {
  const { emit, ports } = context
  const active = observedActive(world)
  for (const drift of judgeDrift(world)) {
    if (drift.kind === 'active-record') {
      await ports.store.writeActive(drift.observed)
      const note = {
        note: 'record-repaired',
        what: 'active',
        from: drift.recorded,
        to: drift.observed,
      } as const
      emit({ type: 'note', note })
    }
    if (active !== undefined && (drift.kind === 'history-record' || drift.kind === 'release-record')) {
      const last = world.records.history.findLast(didSwitch)
      const release = observedRelease(world, active)
      const startedAt = ports.machine.now().toISOString()
      const move = { from: last?.to, target: active, release, previous: last?.release }
      const end = { result: 'finished-late', reason: 'written down as nginx answers' } as const
      await ports.store.append(entryOf(context, { ...move, command: COMMAND, startedAt }, end))
      const note = { note: 'record-repaired', what: 'history', from: last?.release, to: release } as const
      emit({ type: 'note', note })
    }
  }
}
