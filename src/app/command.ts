import type { Color } from '../domain/color.ts'
import { activeColor, observedActive } from '../domain/drift.ts'
import type { World } from '../domain/facts.ts'
import { failureOf } from '../domain/failure.ts'
import type { Begun, Outcome } from '../domain/outcome.ts'
import { afterAll } from '../domain/release.ts'
import type { Settings } from '../domain/settings.ts'
import type { Emit } from './events.ts'
import { holdLock } from './hold-lock.ts'
import { refuseFrozen } from './lock.ts'
import type { HeldLock } from './ports/records.ts'
import type { Ports } from './ports.ts'
import { recover } from './recover.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { rejoinColors } from './rejoin-colors.ts'
import { startWithEngine } from './start-with-engine.ts'
import { letUsersGoFirst } from './users-first.ts'
import { inMaintenance, observeWorld, tellSetAside } from './world.ts'

/** What every command that changes something is given. */
export type Context = {
  ports: Ports
  settings: Settings
  emit: Emit
  /** How long another upgrade is waited for; undefined: not at all. */
  waitMs?: number | undefined
}

/** The world as it is once the lock is held, an interrupted run was dealt with and the records agree. */
export type Held = {
  held: HeldLock
  world: World
  active: Color | undefined
  /** When it began, by the order of releases: later than any there is, whatever the clock of this machine says. */
  startedAtMs: number
  /** When it began, by this machine's clock. */
  beganAtMs: number
  /** Bytes that are free where records are kept. */
  freeBytes: number
  /** Called before anything is changed that no way back undoes, so that a failure does not say nothing was. */
  begins: (what: Begun) => void
}

/**
 * Runs a command that changes something: alone, on a world whose records agree with what is observed. An
 * expected failure becomes an outcome; anything else is a bug and goes up.
 */
export async function runCommand(
  context: Context,
  command: string,
  act: (held: Held) => Promise<Outcome>,
): Promise<Outcome> {
  const { emit, ports, settings } = context
  const askedAtMs = ports.machine.now().getTime()
  let active: Color | undefined
  let begun: Begun | undefined
  const begins: Held['begins'] = (what) => {
    begun = what
  }
  const outcome = await settle(
    async () => {
      await letUsersGoFirst(ports.machine)
      const { freeBytes } = await ports.store.check()
      return holdLock(context, command, async (held) => {
        const beganAtMs = ports.machine.now().getTime()
        await refuseFrozen(ports)
        if (held.tookOver !== undefined) {
          const { command: taken, pid } = held.tookOver
          emit({ type: 'note', note: { note: 'lock-taken-over', holder: `${taken} (pid ${pid})` } })
        }
        const seen = await seeWorld(context)
        active = activeColor(seen)
        const died = held.tookOver !== undefined
        const world = await settledWorld(context, { command, seen, died, begins })
        active = activeColor(world)
        begun = undefined
        // Releases are named after when they began: one that waited is younger than the one it waited for.
        const startedAtMs = afterAll(world.records.snapshots, beganAtMs)
        await letUsersGoFirst(ports.machine)
        return act({ held, world, active, startedAtMs, beganAtMs, freeBytes, begins })
      })
    },
    () => ({ active, ...(begun && { begun }) }),
  )
  const durationMs = ports.machine.now().getTime() - askedAtMs
  emit({ type: 'outcome', command, app: settings.app, outcome, durationMs })
  return outcome
}

async function settle(
  act: () => Promise<Outcome>,
  known: () => { active: Color | undefined; begun?: Begun },
): Promise<Outcome> {
  try {
    return await act()
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return { kind: 'aborted', failure, step: undefined, ...known() }
  }
}

async function seeWorld({ emit, ports, settings }: Context): Promise<World> {
  const seen = await observeWorld(ports, settings.app)
  await refuseForeign({ machine: ports.machine, settings }, seen)
  tellSetAside(seen, emit)
  if (inMaintenance(seen)) emit({ type: 'note', note: { note: 'maintenance-is-on' } })
  return seen
}

/** Deals with what a dead run left, then makes the records say what nginx says and colors reachable again. */
async function settledWorld(
  context: Context,
  { begins, command, died, seen }: { command: string; seen: World; died: boolean } & Pick<Held, 'begins'>,
): Promise<World> {
  const { emit, ports } = context
  const journal = await ports.store.readJournal()
  if (journal !== undefined) begins('recovery')
  const world = journal === undefined ? seen : await recover(context, { command, journal, world: seen })
  if (died || journal !== undefined) await startWithEngine(context, world)
  await rejoinColors(ports, world)
  const observed = observedActive(world)
  if (world.proxy.state === 'running' && observed !== world.records.active) {
    await ports.store.writeActive(observed)
    emit({
      type: 'note',
      note: { note: 'record-repaired', what: 'active', from: world.records.active, to: observed },
    })
  }
  return world
}
