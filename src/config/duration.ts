/** A duration as people write it: seconds, or a number with a unit such as `500ms`, `30s`, `2m`, `1h`. */
export type WrittenDuration = number | string

/** The texts that `parseDurationMs` reads; the JSON Schema shows it to editors. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A written duration in ms, or undefined for what is none. A number without a unit means seconds. */
export function parseDurationMs(written: WrittenDuration): number | undefined {
  const [, digits, unit = 's'] = DURATION_PATTERN.exec(String(written)) ?? []
  const unitMs = UNIT_MS[unit]
  return digits === undefined || unitMs === undefined ? undefined : Math.round(Number(digits) * unitMs)
}

/** The shortest text that `parseDurationMs` reads back as the same duration. */
export function formatDuration(ms: number): string {
  if (ms % 1_000 !== 0) return `${ms}ms`
  if (ms === 0 || ms % 60_000 !== 0 || ms === 60_000) return `${ms / 1_000}s`
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`
}
