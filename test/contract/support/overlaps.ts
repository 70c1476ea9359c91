/** An answered request: by which release, when it was begun, when it ended; ms. */
export type Seen = { release: string; at: number; end: number }

/**
 * For each switch, how long after the first request that the new release answered one was still begun that the old one
 * answered, in ms.
 */
export function overlapsOf(seen: readonly Seen[]): number[] {
  const byStart = seen.toSorted((a, b) => a.at - b.at)
  const overlaps: number[] = []
  let current = byStart[0]?.release
  let index = 0
  while (index < byStart.length) {
    const first = byStart.findIndex((one, at) => at >= index && one.release !== current)
    if (first < 0) break
    const firstAt = byStart[first]?.at ?? 0
    const window = byStart.filter((one) => one.at >= firstAt && one.at < firstAt + 200)
    const lastOld = window.findLast((one) => one.release === current)
    overlaps.push((lastOld?.at ?? firstAt) - firstAt)
    current = byStart[first]?.release
    index = byStart.findIndex((one) => one.at >= firstAt + 200)
    if (index < 0) break
  }
  return overlaps
}

/** One switch may look late because the machine was: half of them tell. */
export function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY
}
