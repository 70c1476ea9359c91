import type { Store } from './ports/records.ts'
import type { HistoryView } from './views.ts'

/** Switches and attempts, newest first. */
export async function history(
  eyes: { store: Pick<Store, 'read'> },
  options: { app: string; limit: number },
): Promise<HistoryView> {
  const records = await eyes.store.read()
  const newestFirst = [...records.history].reverse()
  return {
    view: 'history',
    app: options.app,
    entries: newestFirst.slice(0, options.limit),
    total: newestFirst.length,
  }
}
