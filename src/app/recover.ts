import type { Color } from '../domain/color.ts'
import { judgeDeadRun } from '../domain/dead-run.ts'
import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import type { HistoryEntry, ReleaseId } from '../domain/release.ts'
import { isBeforeTheLine } from '../domain/steps.ts'
import { retireOwn } from './adoption.ts'
import type { Context } from './command.ts'
import { finishEject, giveUsersBack } from './eject/move.ts'
import { entryOf } from './journal-entry.ts'
import type { Journal } from './ports/records.ts'
import { rejoinColors } from './rejoin-colors.ts'
import { removeAttempt } from './remove-attempt.ts'
import { drain, stopOld } from './steps/drain.ts'
import { givePortsBack } from './steps/hand-over.ts'
import {
  handBackSingletons,
  moveSingletons,
  ownSingletons,
  type SingletonsOf,
  singletonsIn,
} from './steps/singletons.ts'
import { observeWorld } from './world.ts'

/**
 * Ends what a dead run left: users were moved, so it is finished; or they were not, and nothing of it stays.
 * Only what nginx answers decides which; `proxy-absent` where it has to and cannot. `command` is what runs next.
 */
export async function recover(
  context: Context,
  { command, journal, world }: { command: string; journal: Journal; world: World },
): Promise<World> {
  const { ports, settings } = context
  // It had come to its end: only its journal is left of it.
  if (world.records.history.at(-1)?.startedAt === journal.startedAt) {
    await ports.store.clearJournal()
    return world
  }
  if (journal.ejects !== undefined) return recoverEject(context, journal, world)
  const verdict = judgeDeadRun(journal, world)
  if (verdict === 'undecided') throw new Expected({ code: 'proxy-absent' })
  const moved = verdict === 'finish'
  if (moved) {
    await finish(context, journal, world)
    if (!leadsBack(command)) await stopLeft(context, journal)
  } else {
    // What leads back to it, or stops it, had better find it as it is: it starts, or not, in its own time.
    const warm = command === 'rollback' || command === 'cleanup' ? 'leave' : 'restore'
    await handBack(context, journal, world)
    await removeAttempt(context, journal, { warm })
  }
  await close(context, journal, moved ? 'finished-late' : 'taken-back')
  return observeWorld(ports, settings.app)
}

/** Once the user's own containers answered, the rest goes; before, users are put back on the color. */
async function recoverEject(context: Context, journal: Journal, { records }: World): Promise<World> {
  const { ports, settings } = context
  const release = records.snapshots.find((snapshot) => snapshot.id === journal.release)
  if (journal.step === 'cleanup') await finishEject(context)
  else await giveUsersBack(context, journal, release)
  await close(context, journal, journal.step === 'cleanup' ? 'ejected' : 'taken-back')
  return observeWorld(ports, settings.app)
}

async function close(context: Context, journal: Journal, result: HistoryEntry['result']): Promise<void> {
  const { emit, ports } = context
  const { command, release, step } = journal
  await ports.store.append(entryOf(context, journal, { result, reason: `interrupted at ${step}` }))
  await ports.store.clearJournal()
  const way = result === 'taken-back' ? 'taken-back' : 'finished'
  emit({ type: 'note', note: { note: 'recovered', command, release, step, way } })
}

/** Users are on the new color: its singletons follow them, and the record says so. */
async function finish(context: Context, journal: Journal, world: World): Promise<void> {
  await context.ports.store.writeActive(journal.target)
  const { before, now } = singletonsOf(journal, world)
  // Users may have come before nginx was joined to all that it passes requests to.
  await rejoinColors(context.ports, world)
  await moveSingletons(context, { from: before, to: now })
  if (journal.takesPorts) await context.ports.proxy.settle()
  if (journal.adoption !== undefined) await retireOwn(context, journal.adoption)
}

/** A run that died on its way back from the line may have left users' singletons behind. */
async function handBack(context: Context, journal: Journal, world: World): Promise<void> {
  if (isBeforeTheLine(journal.step)) return
  if (journal.takesPorts) await givePortsBack(context, journal.adoption)
  const { before, now } = singletonsOf(journal, world)
  await handBackSingletons(context, { from: now, to: before })
  // What this run started goes, and with it what the proxy knows of it.
  if (journal.takesPorts) await context.ports.proxy.waitAgain(journal.before)
  await context.ports.store.writeActive(journal.from)
}

function singletonsOf(
  journal: Journal,
  { records }: World,
): { before: SingletonsOf | undefined; now: SingletonsOf | undefined } {
  const of = (color: Color | undefined, release: ReleaseId | undefined): SingletonsOf | undefined => {
    const known = records.snapshots.find((snapshot) => snapshot.id === release)
    if (color === undefined || known === undefined) return undefined
    return singletonsIn(journal.app, { color, release: known.id, services: known.services })
  }
  const own = journal.adoption && ownSingletons(journal.app, journal.adoption)
  return { before: own ?? of(journal.from, journal.previous), now: of(journal.target, journal.release) }
}

/** For these the old color is where users go next: it stays up. */
function leadsBack(command: string): boolean {
  return command === 'rollback' || command === 'switch'
}

/** A run that had come to draining was asked to stop the old color. */
async function stopLeft(context: Context, { from, step, target }: Journal): Promise<void> {
  if (from === undefined || (step !== 'drain' && step !== 'cleanup')) return
  await drain(context, from)
  await stopOld({ ...context, target })
}
