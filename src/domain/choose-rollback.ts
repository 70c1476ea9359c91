import type { Color } from './color.ts'
import type { ContainerFacts, World } from './facts.ts'
import type { Failure } from './failure.ts'
import type { History, HistoryEntry, Metadata, ReleaseId } from './release.ts'

/** What there is to go back to: a release, or the user's own containers that the first release took users from. */
export type Found = { kind: 'found'; release: Metadata } | { kind: 'own'; services: string[] }

/** What to go back to, or why there is nothing. */
export type RollbackChoice =
  | Found
  | { kind: 'already-active'; release: ReleaseId }
  | { kind: 'no-previous-release' }
  | { kind: 'snapshot-missing'; id: ReleaseId; known: ReleaseId[] }

/** The failure that tells why there is nothing to go back to. */
export function rollbackFailure(choice: Exclude<RollbackChoice, Found>, active: Color): Failure {
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
  history: History
  snapshots: readonly Metadata[]
  /** Containers of the app, those of the user's own project among them. */
  containers: readonly Pick<ContainerFacts, 'id' | 'service'>[]
  /** The release a person named. */
  to: ReleaseId | undefined
}

/** What a world knows of what can be gone back to. */
export function whatIsKnown({ containers, records }: World) {
  return { containers, history: records.history, snapshots: records.snapshots }
}

/**
 * The release that served users before the active one. History tells; attempts that never served, or served and
 * were taken back, do not count. Without a word in history the newest snapshot before the active one is it. Before the
 * first release there are the containers that it took users from, as long as each of them is there.
 */
export function chooseRollback(question: Question): RollbackChoice {
  const { active, snapshots, to } = question
  const wanted = to ?? previousOf(question)
  if (wanted === undefined) return ownBefore(question) ?? { kind: 'no-previous-release' }
  if (wanted === active) return { kind: 'already-active', release: wanted }
  const release = snapshots.find((snapshot) => snapshot.id === wanted)
  if (release !== undefined) return { kind: 'found', release }
  return { kind: 'snapshot-missing', id: wanted, known: newestFirst(snapshots).map((each) => each.id) }
}

/** Whether an entry of history put its release before users for good. */
export function didSwitch(entry: HistoryEntry): boolean {
  return entry.result === 'switched' || entry.result === 'finished-late'
}

type Known = Pick<Question, 'active' | 'history' | 'snapshots'>

function ownBefore({ active, containers, history }: Question): RollbackChoice | undefined {
  const arrival = history.findLast((entry) => didSwitch(entry) && entry.release === active)
  const own = arrival?.own ?? []
  const there = containers.filter(({ id }) => own.includes(id))
  if (own.length === 0 || there.length < own.length) return undefined
  return { kind: 'own', services: [...new Set(there.map(({ service }) => service))].sort() }
}

/** Whether a release serves, by the records: none does once the app was given back to plain Compose. */
export function wasDeployed({ active, history }: Pick<World['records'], 'active' | 'history'>): boolean {
  if (active !== undefined) return true
  const last = history.findLast((entry) => entry.result === 'ejected' || didSwitch(entry))
  return last !== undefined && didSwitch(last)
}

function previousOf({ active, history, snapshots }: Known): ReleaseId | undefined {
  if (active === undefined) return undefined
  const arrival = history.findLast(
    (entry) => didSwitch(entry) && entry.release === active && entry.previous !== active,
  )
  if (arrival?.previous !== undefined) return arrival.previous
  if (arrival !== undefined) return servedBefore(arrival, history.slice())
  return previousSnapshot({ active, history, snapshots })
}

/** What an entry that was written after a crash does not know: the release that the switch before it led to. */
function servedBefore(arrival: HistoryEntry, entries: readonly HistoryEntry[]): ReleaseId | undefined {
  if (arrival.from === undefined) return undefined
  const switches = entries.slice(0, entries.indexOf(arrival)).filter(didSwitch)
  return switches.findLast(({ release }) => release !== undefined && release !== arrival.release)?.release
}

function previousSnapshot({ active, history, snapshots }: Known): ReleaseId | undefined {
  const ordered = newestFirst(snapshots)
  const position = ordered.findIndex((snapshot) => snapshot.id === active)
  const older = position === -1 ? ordered : ordered.slice(position + 1)
  const entries = history.slice()
  const served = (id: ReleaseId): boolean => {
    const ofIt = entries.filter((entry) => entry.release === id)
    return ofIt.length === 0 || ofIt.some(didSwitch)
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
