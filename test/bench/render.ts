import type { Spread } from './figures.ts'
import type { Tally } from './loads.ts'
import type { Machine } from './machine.ts'
import { describeMark, judgeRow, judgeTraffic, type Verdict } from './marks.ts'
import { PART_NAMES } from './part-names.ts'
import type { Gap, Report, Row, TrafficRow } from './report.ts'
import { renderTable } from './table.ts'

const ROUNDS = 'Medians of rounds that measure all sides in turn, least and greatest in parentheses.'

/** The report as Markdown that also reads well on a terminal. */
export function renderReport({ gaps, machine, parts, rows, size, traffic }: Report): string {
  const some = parts.length < PART_NAMES.length ? `, only ${parts.join(', ')}` : ''
  return [
    `${machineLines(machine, `${size === 'quick' ? ', in a quick run' : ''}${some}`)}\n${ROUNDS}`,
    ...(rows.length > 0 ? [rowTable(rows)] : []),
    ...(traffic.length > 0 ? [trafficTable(traffic)] : []),
    ...(gaps.length > 0 ? [gapTable(gaps)] : []),
  ].join('\n\n')
}

/** When, at which commit and on what something was measured. */
export function machineLines(machine: Machine, how = ''): string {
  const { commit, cores, cpu, date, docker, compose, kernel, memoryGiB, nginx, node, others } = machine
  const versions = Object.entries(others).map(([name, version]) => `, ${name} ${version}`)
  return [
    `Measured on ${date} at ${commit}${how}: ${cpu}, ${cores} cores,`,
    `${memoryGiB.toFixed(0)} GiB; Linux ${kernel}, Docker ${docker}, Compose ${compose}, nginx ${nginx}, Node ${node}${versions.join('')}.`,
  ].join('\n')
}

function rowTable(rows: readonly Row[]): string {
  const header = ['What', 'Rounds', 'Figure', 'Side by side with', 'Its figure', 'Ratio', 'Mark', '']
  return renderTable(header, rows.map(cellsOf))
}

function trafficTable(rows: readonly TrafficRow[]): string {
  const lost = ['Lost, 50 keep-alive', 'Lost, short', 'Lost a switch']
  const times = ['Command', 'First new', 'Last old', 'Overlap', 'Longest gap']
  return [
    renderTable(['Requests under way', 'Switches', ...lost, ...times, 'Mark', ''], rows.map(trafficCellsOf)),
    '',
    'In ms since the command began: the first answer of the new release, and the start of the last request that the',
    'old one answered. Overlap: the latter less the former; below zero, no later request got the old one. Gap: the',
    'longest time without an answer to anyone. HAProxy and Caddy run on the host: no Docker port lies before them.',
  ].join('\n')
}

function gapTable(gaps: readonly Gap[]): string {
  const cells = gaps.map(({ kind, what, why }) => [what, kind, why.replaceAll(/\s*\n\s*/g, ' ')])
  return renderTable(['Not measured', 'Reason', ''], cells)
}

function cellsOf(row: Row): string[] {
  const { beside, mark, ours, rounds, unit, what } = row
  return [
    what,
    String(rounds),
    withUnit(ours, unit),
    beside?.what ?? mark?.source ?? '',
    beside ? withUnit(beside.theirs, unit) : '',
    beside ? inRange(beside.ratio, 2) : '',
    mark ? describeMark(mark, unit) : '',
    verdictWord(judgeRow(row)),
  ]
}

function trafficCellsOf(row: TrafficRow): string[] {
  const { commandMs, firstNewMs, keepAlive, lastOldMs, overlapMs, reasons, short } = row
  const lost = keepAlive.lost + short.lost
  const why = lost === 0 ? '' : ` (${reasons.join(', ')})`
  return [
    row.what,
    String(row.switches),
    outOf(keepAlive),
    outOf(short),
    `${(lost / row.switches).toFixed(1)}${why}`,
    inRange(commandMs, 0),
    inRange(firstNewMs, 0),
    inRange(lastOldMs, 0),
    inRange(overlapMs, 1),
    row.longestGapMs.toFixed(0),
    row.mark ?? '',
    verdictWord(judgeTraffic(row)),
  ]
}

function outOf({ lost, sent }: Tally): string {
  return `${lost} of ${sent}`
}

function withUnit(figures: Spread, unit: Row['unit']): string {
  return `${inRange(figures, digitsOf(figures, unit))} ${unit}`
}

function digitsOf({ median }: Spread, unit: Row['unit']): number {
  if (unit === 's') return 2
  return median < 20 ? 1 : 0
}

function inRange({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

function verdictWord(verdict: Verdict): string {
  return verdict === 'no mark' ? '' : verdict
}
