import { Expected, type Failure } from '../domain/failure.ts'
import { isRecorded } from '../domain/known-app.ts'
import type { Store } from './ports/records.ts'
import type { HistoryView } from './views.ts'

/** Switches and attempts, newest first; `nowhere` is thrown where nothing tells of an app. */
export async function history(
  eyes: { store: Pick<Store, 'read' | 'readJournal'> },
  options: { app: string; limit: number; nowhere: Failure | undefined },
): Promise<HistoryView> {
  const records = await eyes.store.read('whole')
  const journal = await eyes.store.readJournal()
  if (options.nowhere !== undefined && journal === undefined && !isRecorded(records))
    throw new Expected(options.nowhere)
  const newestFirst = records.history.slice().reverse()
  return {
    view: 'history',
    app: options.app,
    entries: newestFirst.slice(0, options.limit),
    total: newestFirst.length,
    setAside: records.setAside,
  }
}
