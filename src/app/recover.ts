import { colorProject } from '../domain/color.ts'
import { observedActive } from '../domain/drift.ts'
import type { World } from '../domain/facts.ts'
import { type HistoryEntry, RECORD_FORMAT } from '../domain/release.ts'
import type { Context } from './command.ts'
import type { Journal } from './ports.ts'
import { observeWorld } from './world.ts'

/**
 * Ends what a dead run left: users were moved, so it is finished; or they were not, and nothing of it stays.
 * Only what nginx answers decides which.
 */
export async function recover(context: Context, journal: Journal, world: World): Promise<World> {
  const { emit, ports, settings } = context
  const moved = observedActive(world) === journal.target && world.proxy.state === 'running'
  if (moved) await ports.store.writeActive(journal.target)
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

/** A release that only runs already (a switch, a warm rollback) has nothing to remove. */
async function removeAttempt({ ports, settings }: Context, journal: Journal): Promise<void> {
  if (!journal.startsColor) return
  await ports.platform.remove(colorProject(settings.app, journal.target))
  if (journal.madeProxy) await ports.proxy.remove()
  const { snapshots } = await ports.store.read()
  const snapshot = snapshots.find((each) => each.id === journal.release)
  if (snapshot === undefined) return
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
    previous: undefined,
    result,
    durationMs: now.getTime() - new Date(journal.startedAt).getTime(),
    user: ports.machine.user(),
    reason: `interrupted at ${journal.step}`,
  }
}
