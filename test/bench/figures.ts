/** The middle of several figures, and how far they lie apart. */
export interface Spread {
  median: number
  min: number
  max: number
}

/** The middle figure; of an even number of them, the mean of the two in the middle. */
function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('No figures have no median.')
  return (lower + upper) / 2
}

/** Median, least and greatest of at least one figure. */
export function spread(figures: readonly number[]): Spread {
  return { median: median(figures), min: Math.min(...figures), max: Math.max(...figures) }
}

/** What one side of each round is to the other: noise that lasts longer than a round meets both. */
export function ratios({ ours, theirs }: { ours: readonly number[]; theirs: readonly number[] }): number[] {
  return ours.map((figure, round) => {
    const other = theirs[round]
    if (!other) throw new Error(`Round ${round + 1} has nothing to compare with.`)
    return figure / other
  })
}
