import { colorProject } from '../domain/color.ts'
import { failureOf } from '../domain/failure.ts'
import type { ReleaseId } from '../domain/release.ts'
import { isBeforeTheLine, STEPS } from '../domain/steps.ts'
import { planWayBack, type WayBackAction } from '../domain/way-back.ts'
import type { Context } from './command.ts'
import type { Journal } from './ports/records.ts'
import { startFromSnapshot } from './start-from-snapshot.ts'
import { serveAgain } from './steps/site.ts'

/** Undoes what a dead run may have begun before the line; `warm`: what becomes of the release it displaced. */
export async function removeAttempt(
  context: Context,
  journal: Journal,
  { warm }: { warm: 'restore' | 'leave' },
): Promise<void> {
  const begun = STEPS.slice(0, STEPS.indexOf(journal.step) + 1).filter(isBeforeTheLine)
  const facts = {
    madeProxy: journal.madeProxy,
    displaced: warm === 'restore' && journal.displaced !== undefined,
    told: journal.before !== undefined,
  }
  // A release that only runs already (a switch, a warm rollback) has nothing to remove.
  const attempted = journal.startsColor ? begun : []
  for (const action of planWayBack(attempted, facts)) await undo(context, journal, action)
}

async function undo(context: Context, journal: Journal, action: WayBackAction): Promise<void> {
  const { ports, settings } = context
  switch (action) {
    case 'remove-standby':
      return ports.platform.remove(colorProject(settings.app, journal.target))
    case 'forget-release':
      return forget(context, journal)
    case 'restore-displaced':
      return restoreDisplaced(context, journal.displaced)
    case 'remove-proxy':
      return ports.proxy.remove()
    case 'drop-snapshot':
      return dropSnapshot(context, journal)
    case 'give-ports-back':
    case 'close-proxy':
    case 'return-singletons':
    case 'reinstate-generation':
      return
  }
}

/** What nginx was told, if it was, it forgets; where it knew the release before, there is nothing to forget. */
async function forget({ ports }: Context, { before, release, takesPorts, target }: Journal): Promise<void> {
  if (before === undefined || before.releases[target] === release || takesPorts) return
  const installed = await ports.proxy.current()
  if (installed?.releases[target] !== release) return
  await serveAgain(ports.proxy, { site: before, color: installed.active, next: installed.generation + 1 })
}

/** Users do not need it: where it does not start, the command goes on. */
async function restoreDisplaced(context: Context, displaced: ReleaseId | undefined): Promise<void> {
  if (displaced === undefined) return
  try {
    await startFromSnapshot(context, displaced)
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    context.emit({
      type: 'note',
      note: { note: 'leftover', what: 'restore-displaced', reason: failure.code },
    })
  }
}

async function dropSnapshot({ ports }: Context, journal: Journal): Promise<void> {
  const { snapshots } = await ports.store.read()
  const snapshot = snapshots.find((each) => each.id === journal.release)
  // A rollback starts a release from a snapshot that was there before: that one stays.
  if (snapshot === undefined || snapshot.created !== journal.startedAt) return
  await ports.platform.release(snapshot.images.map((image) => image.tag))
  await ports.store.removeSnapshot(journal.release)
}
