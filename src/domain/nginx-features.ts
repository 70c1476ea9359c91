import type { Settings } from './settings.ts'

// The version that brought each; nginx.org/en/CHANGES.
const SINCE = {
  /** `keepalive_min_timeout`: a reload breaks no idle connection. */
  'idle-kept': '1.27.4',
  /** `server NAME resolve`: containers come and go, their addresses with them. */
  'names-resolved': '1.27.3',
  /** `http2 on`. */
  http2: '1.25.1',
  /** `grpc_pass` to what a variable names. */
  grpc: '1.17.8',
} as const

/** Something of nginx that a rendered configuration is made of. */
export type NginxFeature = keyof typeof SINCE

/** A feature that an nginx lacks, and the version that has it. */
export type LackingFeature = { feature: NginxFeature; since: string }

/** What these settings ask of nginx. */
export function neededFeatures({ delivery, routes }: Pick<Settings, 'delivery' | 'routes'>): NginxFeature[] {
  return [
    'idle-kept',
    'names-resolved',
    ...(delivery.http2 ? (['http2'] as const) : []),
    ...(routes.some(({ protocol }) => protocol === 'grpc') ? (['grpc'] as const) : []),
  ]
}

/** What an nginx of a version lacks of it, the newest first. */
export function lackingFeatures(version: string, needed: readonly NginxFeature[]): LackingFeature[] {
  return needed
    .map((feature) => ({ feature, since: SINCE[feature] }))
    .filter(({ since }) => compareVersions(version, since) < 0)
    .toSorted((a, b) => compareVersions(b.since, a.since))
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
