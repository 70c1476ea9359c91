import type { Site } from '../../domain/site.ts'

// nginx closes the connections of a worker all at once, so there are at most as many portions as workers. Nor does it
// divide connections evenly: each worker takes up to 16 in a row (ngx_event_accept.c).
const SPREAD_WORKERS = 16

// An old worker keeps idle connections for `keepalive_min_timeout`. One that ended sooner would break the next
// request on each of them.
const IDLE_MS = 10_000

/** Over how many processes connections are divided. */
export function workersOf({ delivery }: Site): number | 'auto' {
  return delivery.longConnections === 'spread' ? SPREAD_WORKERS : 'auto'
}

// From when nginx is given a new release until users are led to it.
const BEFORE_MOVE_MS = 1_000

/** When nginx itself closes what is left on workers that a reload made old; null: never. */
export function cutAfterMs({ delivery, drainTimeoutMs }: Site): number | null {
  return delivery.longConnections === 'keep' ? null : drainTimeoutMs + BEFORE_MOVE_MS
}

// Most requests have their answer by then, and nginx has closed what it keeps open to a container for the next one.
const LONG_MS = 2_000

/** After which time what is still open on the color that users left counts as long; null: it may stay. */
export function longAfterMs({ delivery, drainTimeoutMs }: Site): number | null {
  return delivery.longConnections === 'keep' ? null : Math.min(LONG_MS, Math.floor(drainTimeoutMs / 2))
}

/** When old workers end one after the other: not before `quietMs`, then over `overMs`; undefined: they do not. */
export function portionsOf({
  delivery,
  drainTimeoutMs,
}: Site): { quietMs: number; overMs: number } | undefined {
  if (delivery.longConnections !== 'spread') return undefined
  const quietMs = Math.min(IDLE_MS, Math.floor(drainTimeoutMs / 2))
  return { quietMs, overMs: drainTimeoutMs - quietMs }
}

/**
 * nginx counts requests of users by their color. A worker that is ended by a signal, as for portions, never counts off
 * what it had: there old workers tell whether anything is left.
 */
export function countsRequests({ delivery }: Site): boolean {
  return delivery.longConnections !== 'spread'
}
