import type { Color } from '../../src/domain/color.ts'
import type { HistoryEntry, Metadata, ReleaseId } from '../../src/domain/release.ts'

/** Metadata of a release, made when its id says. */
export function snapshotOf(id: ReleaseId, change: Partial<Metadata> = {}): Metadata {
  const [color = '', day = '', time = ''] = id.split('-')
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4)]
  return {
    format: 1,
    id,
    app: 'shop',
    color: color === 'blue' ? 'blue' : 'green',
    created: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${hour}:${minute}:${second}.000Z`,
    command: 'perform',
    user: 'ada',
    git: undefined,
    fingerprint: id,
    images: [],
    services: [],
    routes: [],
    links: [],
    volumes: [],
    environment: {},
    containers: [],
    health: 'passed',
    durations: {},
    restoredFrom: undefined,
    ...change,
  }
}

/** An entry of history that moved users to a release, unless it says otherwise. */
export function entryOf(release: ReleaseId, change: Partial<HistoryEntry> = {}): HistoryEntry {
  const to: Color = release.startsWith('blue') ? 'blue' : 'green'
  return {
    format: 1,
    at: '2026-01-29T10:15:30Z',
    command: 'perform',
    from: to === 'blue' ? 'green' : 'blue',
    to,
    release,
    previous: undefined,
    result: 'switched',
    durationMs: 1,
    user: 'ada',
    reason: undefined,
    ...change,
  }
}

export const BLUE_1 = 'blue-20260101-100000'
export const GREEN_2 = 'green-20260102-100000'
export const BLUE_3 = 'blue-20260103-100000'
export const GREEN_4 = 'green-20260104-100000'
