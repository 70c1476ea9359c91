import { ratios, type Spread, spread } from './figures.ts'
import type { Machine } from './machine.ts'
import type { Pairs } from './pairs.ts'

/** What must hold: the ratio, or the figure itself, is at most this. */
export interface Mark {
  of: 'ratio' | 'ours'
  most: number
  /** Where the mark comes from, if from elsewhere than these measurements. */
  source?: string
}

/** One thing that was measured, side by side with another or for itself. */
export interface Row {
  what: string
  unit: 'ms' | 's' | 'requests/s'
  rounds: number
  ours: Spread
  beside: Beside | undefined
  /** undefined: it is told, and nothing is asked of it. */
  mark: Mark | undefined
}

interface Beside {
  what: string
  theirs: Spread
  ratio: Spread
}

/** What traffic met while one way of switching switched. */
export interface TrafficRow {
  what: string
  switches: number
  sent: number
  lost: number
  /** Every reason of a loss that was seen. */
  reasons: string[]
  /** From the first answer of the new release to the last start of a request that the old one answered. */
  overlapMs: Spread
  longestGapMs: number
  mark: 'none lost' | undefined
}

/** All that one run measured. */
export interface Report {
  size: 'full' | 'quick'
  machine: Machine
  rows: Row[]
  traffic: TrafficRow[]
  /** What was left out, and why. */
  skipped: string[]
  /** Whether the time was over before all was measured. */
  end: 'complete' | 'time was over'
}

export type Verdict = 'held' | 'missed' | 'no mark'

/** Makes a row of what two sides took. */
export function rowOf(
  pairs: Pairs,
  { against, ...row }: Pick<Row, 'what' | 'unit' | 'mark'> & { against: string },
): Row {
  const beside = { what: against, theirs: spread(pairs.theirs), ratio: spread(ratios(pairs)) }
  return { ...row, rounds: pairs.ours.length, ours: spread(pairs.ours), beside }
}

/** Whether the median keeps to its mark. */
export function judgeRow({ mark, ours, beside }: Pick<Row, 'mark' | 'ours' | 'beside'>): Verdict {
  const figures = mark?.of === 'ours' ? ours : beside?.ratio
  if (!mark || !figures) return 'no mark'
  return figures.median <= mark.most ? 'held' : 'missed'
}

/** Whether requests were lost where none may be. */
export function judgeTraffic({ mark, lost }: Pick<TrafficRow, 'mark' | 'lost'>): Verdict {
  if (!mark) return 'no mark'
  return lost === 0 ? 'held' : 'missed'
}

/**
 * A lost request of ours always fails the run, and so does a run that could not look for one; any other missed mark
 * only where that was asked for.
 */
export function exitCodeOf({ end, rows, traffic }: Report, missed: 'tell' | 'fail'): 0 | 1 {
  if (end !== 'complete') return 1
  if (traffic.some((row) => judgeTraffic(row) === 'missed')) return 1
  return missed === 'fail' && rows.some((row) => judgeRow(row) === 'missed') ? 1 : 0
}
