import type { Color } from '../domain/color.ts'
import { judgeDeadRun } from '../domain/dead-run.ts'
import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import { type HistoryEntry, RECORD_FORMAT, type ReleaseId } from '../domain/release.ts'
import { isBeforeTheLine } from '../domain/steps.ts'
import type { Context } from './command.ts'
import type { Journal } from './ports/records.ts'
import { removeAttempt } from './remove-attempt.ts'
import { drain, stopOld } from './steps/drain.ts'
import { handBackSingletons, moveSingletons, type SingletonsOf } from './steps/singletons.ts'
import { observeWorld } from './world.ts'

/**
 * Ends what a dead run left: users were moved, so it is finished; or they were not, and nothing of it stays.
 * Only what nginx answers decides which; `proxy-absent` where it has to and cannot. `command` is what runs next.
 */
export async function recover(
  context: Context,
  { command, journal, world }: { command: string; journal: Journal; world: World },
): Promise<World> {
  const { emit, ports, settings } = context
  // It had come to its end: only its journal is left of it.
  if (world.records.history.at(-1)?.startedAt === journal.startedAt) {
    await ports.store.clearJournal()
    return world
  }
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
  await ports.store.append(entryOf(context, journal, moved ? 'finished-late' : 'taken-back'))
  await ports.store.clearJournal()
  emit({
    type: 'note',
    note: {
      note: 'recovered',
      command: journal.command,
      release: journal.release,
      step: journal.step,
      way: moved ? 'finished' : 'taken-back',
    },
  })
  return observeWorld(ports, settings.app)
}

/** Users are on the new color: its singletons follow them, and the record says so. */
async function finish(context: Context, journal: Journal, world: World): Promise<void> {
  await context.ports.store.writeActive(journal.target)
  const { before, now } = singletonsOf(journal, world)
  await moveSingletons(context, { from: before, to: now })
}

/** A run that died on its way back from the line may have left users' singletons behind. */
async function handBack(context: Context, journal: Journal, world: World): Promise<void> {
  if (isBeforeTheLine(journal.step)) return
  const { before, now } = singletonsOf(journal, world)
  await handBackSingletons(context, { from: now, to: before })
  await context.ports.store.writeActive(journal.from)
}

function singletonsOf(
  journal: Journal,
  { records }: World,
): { before: SingletonsOf | undefined; now: SingletonsOf | undefined } {
  const of = (color: Color | undefined, release: ReleaseId | undefined): SingletonsOf | undefined => {
    const known = records.snapshots.find((snapshot) => snapshot.id === release)
    if (color === undefined || known === undefined) return undefined
    return { color, release: known.id, services: known.services }
  }
  return { before: of(journal.from, journal.previous), now: of(journal.target, journal.release) }
}

/** For these the old color is where users go next: it stays up. */
function leadsBack(command: string): boolean {
  return command === 'rollback' || command === 'switch'
}

/** A run that had come to draining was asked to stop the old color. */
async function stopLeft(context: Context, { from, step, target }: Journal): Promise<void> {
  if (from === undefined || (step !== 'drain' && step !== 'cleanup')) return
  await drain(context)
  await stopOld({ ...context, target })
}

function entryOf({ ports }: Context, journal: Journal, result: HistoryEntry['result']): HistoryEntry {
  const now = ports.machine.now()
  return {
    format: RECORD_FORMAT,
    at: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    command: journal.command,
    from: journal.from,
    to: journal.target,
    release: journal.release,
    previous: journal.previous,
    result,
    durationMs: Math.max(0, now.getTime() - new Date(journal.startedAt).getTime()),
    startedAt: journal.startedAt,
    user: ports.machine.user(),
    reason: `interrupted at ${journal.step}`,
  }
}
