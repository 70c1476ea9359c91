import { type Color, colorProject } from '../domain/color.ts'
import { observedActive } from '../domain/drift.ts'
import type { World } from '../domain/facts.ts'
import { type HistoryEntry, RECORD_FORMAT, type ReleaseId } from '../domain/release.ts'
import type { Context } from './command.ts'
import type { Journal } from './ports/records.ts'
import { moveSingletons, type SingletonsOf } from './steps/singletons.ts'
import { observeWorld } from './world.ts'

/**
 * Ends what a dead run left: users were moved, so it is finished; or they were not, and nothing of it stays.
 * Only what nginx answers decides which.
 */
export async function recover(context: Context, journal: Journal, world: World): Promise<World> {
  const { emit, ports, settings } = context
  const moved = observedActive(world) === journal.target && world.proxy.state === 'running'
  if (moved) await finish(context, journal, world)
  else await removeAttempt(context, journal)
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
async function finish({ ports, settings }: Context, journal: Journal, { records }: World): Promise<void> {
  const singletonsIn = (
    color: Color | undefined,
    release: ReleaseId | undefined,
  ): SingletonsOf | undefined => {
    const known = records.snapshots.find((snapshot) => snapshot.id === release)
    return color === undefined || known === undefined
      ? undefined
      : { color, release: known.id, services: known.services }
  }
  await ports.store.writeActive(journal.target)
  await moveSingletons(
    { ports, app: settings.app },
    { from: singletonsIn(journal.from, journal.previous), to: singletonsIn(journal.target, journal.release) },
  )
}

/** A release that only runs already (a switch, a warm rollback) has nothing to remove. */
async function removeAttempt({ ports, settings }: Context, journal: Journal): Promise<void> {
  if (!journal.startsColor) return
  await ports.platform.remove(colorProject(settings.app, journal.target))
  if (journal.madeProxy) await ports.proxy.remove()
  const { snapshots } = await ports.store.read()
  const snapshot = snapshots.find((each) => each.id === journal.release)
  // A rollback starts a release from a snapshot that was there before: that one stays.
  if (snapshot === undefined || snapshot.created !== journal.startedAt) return
  await ports.platform.release(snapshot.images.map((image) => image.tag))
  await ports.store.removeSnapshot(journal.release)
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
    durationMs: now.getTime() - new Date(journal.startedAt).getTime(),
    user: ports.machine.user(),
    reason: `interrupted at ${journal.step}`,
  }
}
