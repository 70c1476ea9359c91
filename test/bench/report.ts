import { ratios, type Spread, spread } from './figures.ts'
import type { Pairs } from './in-turn.ts'
import type { Tally } from './loads.ts'
import type { Machine } from './machine.ts'
import { judgeRow, judgeTraffic, type Mark } from './marks.ts'
import type { PartName } from './part-names.ts'
import type { Stretch } from './under-traffic.ts'

/** One thing that was measured, side by side with another or for itself. */
export interface Row {
  what: string
  unit: 'ms' | 's' | 'requests/s' | 'MiB'
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
  keepAlive: Tally
  short: Tally
  /** Every reason of a loss that was seen. */
  reasons: string[]
  commandMs: Spread
  /** From the beginning of the command to the first answer of the new release. */
  firstNewMs: Spread
  /** From there to the start of the last request that the old release answered. */
  lastOldMs: Spread
  /** The one less the other: below zero, no request that began later got the old release. */
  overlapMs: Spread
  longestGapMs: number
  mark: 'none lost' | undefined
}

/** Something that was not measured. */
export interface Gap {
  what: string
  kind: 'failed' | 'not installed' | 'no time'
  why: string
}

/** What a part of the run found. */
export interface Findings {
  rows?: Row[]
  traffic?: TrafficRow[]
  gaps?: Gap[]
}

/** All that one run measured. */
export interface Report extends Required<Findings> {
  size: 'full' | 'quick'
  parts: readonly PartName[]
  machine: Machine
}

/** Makes a row of what two sides took. */
export function rowOf(
  pairs: Pairs,
  { against, ...row }: Pick<Row, 'what' | 'unit' | 'mark'> & { against: string },
): Row {
  const beside = { what: against, theirs: spread(pairs.theirs), ratio: spread(ratios(pairs)) }
  return { ...row, rounds: pairs.ours.length, ours: spread(pairs.ours), beside }
}

/** All stretches of one way, as a row. */
export function trafficRowOf(
  stretches: readonly Stretch[],
  row: Pick<TrafficRow, 'what' | 'mark'>,
): TrafficRow {
  const moments = stretches.flatMap((stretch) => stretch.moments)
  return {
    ...row,
    switches: moments.length,
    keepAlive: sum(stretches.map(({ tallies }) => tallies['keep-alive'])),
    short: sum(stretches.map(({ tallies }) => tallies.short)),
    reasons: [...new Set(stretches.flatMap(({ reasons }) => reasons))],
    commandMs: spread(moments.map(({ commandMs }) => commandMs)),
    firstNewMs: spread(moments.map(({ firstNewMs }) => firstNewMs)),
    lastOldMs: spread(moments.map(({ lastOldMs }) => lastOldMs)),
    overlapMs: spread(moments.map(({ firstNewMs, lastOldMs }) => lastOldMs - firstNewMs)),
    longestGapMs: Math.max(...stretches.map(({ longestGapMs }) => longestGapMs)),
  }
}

/**
 * A lost request of ours always fails the run, and so does a run that could not look for one; any other missed mark
 * only where that was asked for.
 */
export function exitCodeOf({ gaps, rows, traffic }: Findings, missed: 'tell' | 'fail'): 0 | 1 {
  if (gaps?.some(({ kind }) => kind !== 'not installed')) return 1
  if (traffic?.some((row) => judgeTraffic(row) === 'missed')) return 1
  return missed === 'fail' && rows?.some((row) => judgeRow(row) === 'missed') ? 1 : 0
}

function sum(tallies: readonly Tally[]): Tally {
  return {
    sent: tallies.reduce((total, { sent }) => total + sent, 0),
    lost: tallies.reduce((total, { lost }) => total + lost, 0),
  }
}
