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

/** When nginx itself closes what is left on old workers; null: never. */
export function cutAfterMs({ delivery, drainTimeoutMs }: Site): number | null {
  // 0 would mean "no limit" to nginx.
  return delivery.longConnections === 'keep' ? null : Math.max(1, drainTimeoutMs)
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
