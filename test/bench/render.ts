import type { Spread } from './figures.ts'
import { judgeRow, judgeTraffic, type Report, type Row, type TrafficRow, type Verdict } from './report.ts'

/** The report as Markdown that also reads well on a terminal. */
export function renderReport(report: Report): string {
  const { machine, rows, size, skipped, traffic } = report
  const { commit, cores, cpu, date, docker, compose, kernel, memoryGiB, nginx, node } = machine
  return [
    `Measured on ${date} at ${commit}${size === 'quick' ? ', in a quick run' : ''}: ${cpu}, ${cores} cores,`,
    `${memoryGiB.toFixed(0)} GiB; Linux ${kernel}, Docker ${docker}, Compose ${compose}, nginx ${nginx}, Node ${node}.`,
    'Medians of rounds that measure both sides in turn, least and greatest in parentheses.',
    '',
    renderTable(
      ['What', 'Rounds', 'Takes', 'Side by side with', 'Which takes', 'Ratio', 'Mark', ''],
      rows.map(cellsOf),
    ),
    '',
    ...(traffic.length > 0 ? trafficLines(traffic) : []),
    ...skipped.map((line) => `\n${line}`),
  ].join('\n')
}

function trafficLines(traffic: readonly TrafficRow[]): string[] {
  const header = ['Requests under way', 'Switches', 'Sent', 'Lost', 'Lost a switch', 'Overlap', 'Longest gap']
  return [
    renderTable([...header, 'Mark', ''], traffic.map(trafficCellsOf)),
    '',
    'Overlap: from the first answer of the new release to the last request that started later and yet got the old',
    'one; below zero there was none. Gap: the longest time without an answer to anyone.',
  ]
}

/** A Markdown table whose columns stand one below the other. */
function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
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
    mark ? `≤ ${mark.most}${mark.of === 'ratio' ? '' : ` ${unit}`}` : '',
    verdictWord(judgeRow(row)),
  ]
}

function trafficCellsOf(row: TrafficRow): string[] {
  const { longestGapMs, lost, mark, overlapMs, reasons, sent, switches, what } = row
  return [
    what,
    String(switches),
    String(sent),
    lost === 0 ? '0' : `${lost} (${reasons.join(', ')})`,
    (lost / switches).toFixed(0),
    `${overlapMs.median.toFixed(0)} ms, worst ${overlapMs.max.toFixed(0)} ms`,
    `${longestGapMs.toFixed(0)} ms`,
    mark ?? '',
    verdictWord(judgeTraffic(row)),
  ]
}

function withUnit(figures: Spread, unit: Row['unit']): string {
  return `${inRange(figures, unit === 's' ? 2 : 0)} ${unit}`
}

function inRange({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

function verdictWord(verdict: Verdict): string {
  return verdict === 'no mark' ? '' : verdict
}
