/** The middle of several figures, and how far they lie apart. */
export interface Spread {
  median: number
  min: number
  max: number
}

/** Median, least and greatest of at least one figure. */
export function spread(figures: readonly number[]): Spread {
  const sorted = ascending(figures)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new Error('No figures have no median.')
  return { median: middle(sorted), min, max }
}

/** The figure that the given percentage of all do not exceed, by nearest rank. */
export function percentile(figures: readonly number[], percentage: number): number {
  const sorted = ascending(figures)
  const found = sorted[Math.max(0, Math.ceil((percentage / 100) * sorted.length) - 1)]
  if (found === undefined) throw new Error('No figures have no percentile.')
  return found
}

/** What one side of each round is to the other: noise that lasts longer than a round meets both. */
export function ratios({ ours, theirs }: { ours: readonly number[]; theirs: readonly number[] }): number[] {
  return ours.map((figure, round) => {
    const other = theirs[round]
    if (!other) throw new Error(`Round ${round + 1} has nothing to compare with.`)
    return figure / other
  })
}

// Of an even number, the mean of the two in the middle.
function middle(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
  return (lower + upper) / 2
}

function ascending(figures: readonly number[]): number[] {
  return figures.toSorted((left, right) => left - right)
}
