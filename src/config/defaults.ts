import { PLAIN_DELIVERY } from '../domain/delivery.ts'
import type { StatusRange } from './statuses.ts'

const GOOD_STATUSES: readonly StatusRange[] = [[200, 399]]

/** What holds where nothing is set; every default stands here and nowhere else. */
export const DEFAULTS = {
  deployments: 'deployments',
  rollbackLimit: 5,
  autoSwitch: false,
  autoCleanup: false,
  health: { timeoutMs: 60_000, intervalMs: 2_000, successes: 1 },
  check: { path: '/', statuses: GOOD_STATUSES, requestTimeoutMs: 5_000 },
  routePath: '/',
  drainTimeoutMs: 30_000,
  watchMs: 0,
  delivery: PLAIN_DELIVERY,
  tls: { listen: 443, redirect: false, hsts: false },
  hook: { timeoutMs: 60_000, rollback: false },
  quiet: { waitMs: 10_000 },
  probe: true,
  proxyImage: 'nginx:stable-alpine',
} as const
