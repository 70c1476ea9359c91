import { percentile } from './figures.ts'
import { renderTable } from './table.ts'

/** Some switches in a row, and what the traffic met meanwhile. */
export interface SwitchStretch {
  switchesMs: number[]
  requestsMs: number[]
  sent: number
  lost: number
  /** Every reason of a loss that was seen. */
  reasons: string[]
  longestGapMs: number
}

/** What the switches under one kind of traffic come to. */
export interface Series extends Omit<SwitchStretch, 'switchesMs' | 'requestsMs'> {
  name: string
  wanted: number
  switches: number
  /** How long a switch took until it was confirmed; undefined: there was none. */
  switchMs: Percentiles | undefined
  /** How long requests took. */
  requestMs: Percentiles | undefined
}

interface Percentiles {
  p50: number
  p99: number
  max: number
}

/** Sums up what was measured of the switches that were wanted. */
export function seriesOf(
  stretches: readonly SwitchStretch[],
  wanted: Pick<Series, 'name' | 'wanted'>,
): Series {
  const switchesMs = stretches.flatMap((stretch) => stretch.switchesMs)
  return {
    ...wanted,
    switches: switchesMs.length,
    sent: stretches.reduce((total, { sent }) => total + sent, 0),
    lost: stretches.reduce((total, { lost }) => total + lost, 0),
    reasons: [...new Set(stretches.flatMap(({ reasons }) => reasons))],
    longestGapMs: stretches.reduce((longest, stretch) => Math.max(longest, stretch.longestGapMs), 0),
    switchMs: percentilesOf(switchesMs),
    requestMs: percentilesOf(stretches.flatMap(({ requestsMs }) => requestsMs)),
  }
}

/** One line for who waits. */
export function describeSeries({ lost, name, sent, switchMs, switches, wanted }: Series): string {
  const took = switchMs ? `, a switch takes ${switchMs.p50.toFixed(0)} ms` : ''
  return `${name}: ${switches} of ${wanted} switches, ${lost} of ${sent} requests lost${took}`
}

/** The series as a Markdown table. */
export function renderSeries(all: readonly Series[]): string {
  const times = ['Request p50', 'p99', 'Longest gap', 'Switch p50', 'p99', 'Longest', 'Mark', '']
  return renderTable(['Traffic', 'Switches', 'Requests', 'Lost', ...times], all.map(cellsOf))
}

/** 0 where every switch that was wanted was made and not one request was lost. */
export function exitCodeOfSeries(all: readonly Series[]): 0 | 1 {
  return all.every(isOk) ? 0 : 1
}

function cellsOf(series: Series): string[] {
  const { longestGapMs, lost, name, reasons, requestMs, sent, switches, switchMs, wanted } = series
  return [
    name,
    switches === wanted ? String(switches) : `${switches} of ${wanted}`,
    String(sent),
    lost === 0 ? '0' : `${lost} (${reasons.join(', ')})`,
    inMs(requestMs?.p50, 1),
    inMs(requestMs?.p99, 1),
    inMs(longestGapMs, 0),
    inMs(switchMs?.p50, 0),
    inMs(switchMs?.p99, 0),
    inMs(switchMs?.max, 0),
    'none lost',
    isOk(series) ? 'ok' : 'missed',
  ]
}

function isOk({ lost, switches, wanted }: Series): boolean {
  return lost === 0 && switches === wanted
}

function inMs(figure: number | undefined, digits: number): string {
  return figure === undefined ? '' : `${figure.toFixed(digits)} ms`
}

function percentilesOf(figures: readonly number[]): Percentiles | undefined {
  if (figures.length === 0) return undefined
  return { p50: percentile(figures, 50), p99: percentile(figures, 99), max: percentile(figures, 100) }
}
