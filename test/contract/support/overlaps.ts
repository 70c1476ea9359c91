/** An answered request: by which release, when it was begun, when it ended; ms. */
export type Seen = { release: string; at: number; end: number }

/** So long after a switch another one may follow, and no sooner. */
export const APART_MS = 300

const LOOKED_AT_MS = 200

/**
 * For each switch, how long after the first answer of the new release a request was still begun that the old one
 * answered, in ms; below zero where none was.
 */
export function overlapsOf(seen: readonly Seen[]): number[] {
  const overlaps: number[] = []
  let left = seen
  let current = least(left, ({ at }) => at)?.release
  while (true) {
    const firstNew = least(
      left.filter(({ release }) => release !== current),
      ({ end }) => end,
    )
    if (firstNew === undefined) return overlaps
    const untilMs = firstNew.end + LOOKED_AT_MS
    const old = left.filter(({ at, release }) => release === current && at < untilMs)
    const lastOld = least(old, ({ at }) => -at)
    if (lastOld !== undefined) overlaps.push(lastOld.at - firstNew.end)
    current = firstNew.release
    // What was begun before and is still under way is no switch back.
    left = left.filter(({ at }) => at >= untilMs)
  }
}

function least(seen: readonly Seen[], by: (one: Seen) => number): Seen | undefined {
  return seen.reduce<Seen | undefined>(
    (found, one) => (found === undefined || by(one) < by(found) ? one : found),
    undefined,
  )
}

/** One switch may look late because the machine was: half of them tell. */
export function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY
}
