import type { Color } from './color.ts'
import type { ClassifiedService, NamedVolume, Route, SharedLink } from './service.ts'

import type { Definitions } from './shared-services.ts'

/** `<color>-<YYYYMMDD>-<HHMMSS>`, UTC. */
export type ReleaseId = string

/** An image of a release: what the compose file calls it, what it is, and the tag that holds it. */
export type HeldImage = {
  service: string
  image: string
  id: string
  digest: string | undefined
  /** The digest is the image store's own; that a registry has it was never seen. Absent: it was, or there is none. */
  unproved?: true
  tag: string
}

export const RECORD_FORMAT = 1

/** metadata.json of a snapshot. Environment values are hashed, never stored. */
export type Metadata = {
  format: number
  id: ReleaseId
  app: string
  color: Color
  /** ISO 8601, UTC. */
  created: string
  command: string
  user: string
  git: { commit: string; branch: string; dirty: boolean } | undefined
  /** Equal for two releases that would run the same; the basis of "nothing changed". */
  fingerprint: string
  images: HeldImage[]
  services: ClassifiedService[]
  routes: Route[]
  links: SharedLink[]
  volumes: NamedVolume[]
  /** service → environment name → short hash of its value. */
  environment: Record<string, Record<string, string>>
  /** Shared service → Compose's hash of its definition; absent: an older version wrote it. */
  definitions?: Definitions
  /** Shared service → hash of it as Compose resolved it then; absent: an older version wrote it. */
  resolved?: Definitions
  containers: string[]
  health: 'passed' | 'skipped' | 'failed' | 'pending'
  /** Step → ms. */
  durations: Record<string, number>
  restoredFrom: ReleaseId | undefined
}

/** What ended a switch or an attempt, as history.json keeps it. */
export type HistoryResult =
  | 'switched'
  | 'prepared'
  | 'rolled-back'
  | 'aborted'
  | 'taken-back'
  | 'finished-late'
  | 'ejected'

/** One entry of history.json, newest last. */
export type HistoryEntry = {
  format: number
  /** ISO 8601, UTC. */
  at: string
  command: string
  from: Color | undefined
  to: Color
  release: ReleaseId | undefined
  previous: ReleaseId | undefined
  result: HistoryResult
  durationMs: number
  /** When the command began, to the ms, which tells its entry from all others; absent: an older version wrote it. */
  startedAt?: string
  user: string
  reason: string | undefined
  /** Requests sent during the switch; absent: none were, or an older version wrote it. */
  probe?: { sent: number; failed: number; longestGapMs: number }
  /** Containers of the user's own, by id, that users were moved off; absent: there were none. */
  own?: string[]
}

/**
 * Entries, newest last. Whoever asks by these for the newest has an answer without those before being understood: there
 * may be years of them.
 */
export interface History {
  at(index: number): HistoryEntry | undefined
  findLast(isIt: (entry: HistoryEntry) => boolean): HistoryEntry | undefined
  slice(start?: number): HistoryEntry[]
}

export function releaseId(color: Color, at: Date): ReleaseId {
  const stamp = at.toISOString().replaceAll(/[-:]/g, '')
  return `${color}-${stamp.slice(0, 8)}-${stamp.slice(9, 15)}`
}

/**
 * A time for a new release: now, or the second after the newest one. The clock of a machine can be set back, and
 * names, order and retention of releases are made of these times.
 */
export function afterAll(releases: readonly Pick<Metadata, 'created'>[], nowMs: number): number {
  const times = releases.map(({ created }) => Date.parse(created)).filter(Number.isFinite)
  return Math.max(nowMs, ...times.map((ms) => ms + 1_000))
}
