/** HTTP statuses from the first to the second, both included. */
export type StatusRange = readonly [number, number]

/** Accepted statuses as people write them: `200`, `"200-399"`, a list of these, or `any`. */
export type WrittenStatuses = number | string | readonly (number | string)[]

/** The word for "whatever the service itself answers". */
export const ANY_STATUS = 'any'

const STATUS_PATTERN = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/

/** The ranges that written statuses mean, or undefined for what means none; `any` is every status. */
export function parseStatuses(written: WrittenStatuses): StatusRange[] | undefined {
  if (written === ANY_STATUS) return [[100, 599]]
  const parts = Array.isArray(written) ? written : [written]
  const ranges = parts.map(parseRange).filter((range) => range !== undefined)
  return ranges.length === parts.length && ranges.length > 0 ? ranges : undefined
}

/** Ranges as a person would write them: `200-399, 404`. */
export function formatStatuses(ranges: readonly StatusRange[] | undefined): string {
  if (ranges === undefined) return ANY_STATUS
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

function parseRange(written: number | string): StatusRange | undefined {
  const [, from, to = from] = STATUS_PATTERN.exec(String(written)) ?? []
  return from === undefined || Number(from) > Number(to) ? undefined : [Number(from), Number(to)]
}
