import type { Color } from './color.ts'
import type { Failure } from './failure.ts'
import type { HistoryEntry, Metadata, ReleaseId } from './release.ts'

/** The release to go back to, or why there is none. */
export type RollbackChoice =
  | { kind: 'found'; release: Metadata }
  | { kind: 'already-active'; release: ReleaseId }
  | { kind: 'no-previous-release' }
  | { kind: 'snapshot-missing'; id: ReleaseId; known: ReleaseId[] }

/** The failure that tells why there is nothing to go back to. */
export function rollbackFailure(choice: Exclude<RollbackChoice, { kind: 'found' }>, active: Color): Failure {
  switch (choice.kind) {
    case 'already-active':
      return { code: 'already-active', color: active }
    case 'no-previous-release':
      return { code: 'no-previous-release' }
    case 'snapshot-missing':
      return { code: 'snapshot-missing', id: choice.id, known: choice.known }
  }
}

type Question = {
  /** The release that users are on. */
  active: ReleaseId | undefined
  /** Newest last. */
  history: readonly HistoryEntry[]
  snapshots: readonly Metadata[]
  /** The release a person named. */
  to: ReleaseId | undefined
}

/**
 * The release that served users before the active one. History tells; attempts that never served, or served and
 * were taken back, do not count. Without a word in history the newest snapshot before the active one is it.
 */
export function chooseRollback({ active, history, snapshots, to }: Question): RollbackChoice {
  const wanted = to ?? previousOf({ active, history, snapshots })
  if (wanted === undefined) return { kind: 'no-previous-release' }
  if (wanted === active) return { kind: 'already-active', release: wanted }
  const release = snapshots.find((snapshot) => snapshot.id === wanted)
  if (release !== undefined) return { kind: 'found', release }
  return { kind: 'snapshot-missing', id: wanted, known: newestFirst(snapshots).map((each) => each.id) }
}

/** Whether an entry of history put its release before users for good. */
export function didSwitch(entry: HistoryEntry): boolean {
  return entry.result === 'switched' || entry.result === 'finished-late'
}

function previousOf({ active, history, snapshots }: Omit<Question, 'to'>): ReleaseId | undefined {
  if (active === undefined) return undefined
  const switches = history.filter((entry) => didSwitch(entry) && entry.release !== undefined)
  const arrival = switches.findLast((entry) => entry.release === active && entry.previous !== active)
  if (arrival?.previous !== undefined) return arrival.previous
  if (arrival !== undefined) return servedBefore(arrival, switches)
  return previousSnapshot({ active, history, snapshots })
}

/** What an entry that was written after a crash does not know: the release that the switch before it led to. */
function servedBefore(arrival: HistoryEntry, switches: readonly HistoryEntry[]): ReleaseId | undefined {
  if (arrival.from === undefined) return undefined
  const earlier = switches.slice(0, switches.indexOf(arrival))
  return earlier.findLast((entry) => entry.release !== arrival.release)?.release
}

function previousSnapshot({ active, history, snapshots }: Omit<Question, 'to'>): ReleaseId | undefined {
  const ordered = newestFirst(snapshots)
  const position = ordered.findIndex((snapshot) => snapshot.id === active)
  const older = position === -1 ? ordered : ordered.slice(position + 1)
  const served = (id: ReleaseId): boolean => {
    const entries = history.filter((entry) => entry.release === id)
    return entries.length === 0 || entries.some(didSwitch)
  }
  return older.find((each) => each.id !== active && each.health !== 'failed' && served(each.id))?.id
}

/** Snapshots by their time of making; one made in the same second comes by its id. */
export function newestFirst<T extends { id: string; created: string }>(snapshots: readonly T[]): T[] {
  return [...snapshots].sort((a, b) => compare(b.created, a.created) || compare(b.id, a.id))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
