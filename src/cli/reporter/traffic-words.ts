import type { TrafficFigures } from '../../domain/traffic.ts'
import { countWords, timeWords } from './amount-words.ts'

/** What a switch cost users, by the requests that were sent during it. */
export function probeWords(probe: TrafficFigures | undefined): string[] {
  if (probe === undefined || probe.sent === 0) return []
  const open = probe.open === 0 ? '' : `, ${probe.open} still without an answer`
  const gap = `longest gap ${timeWords(probe.longestGapMs)}.`
  const figures = `${countWords(probe.sent, 'request')} during the switch, ${probe.failed} failed${open}, ${gap}`
  if (probe.failed === 0) return [figures]
  return [
    figures,
    `Why they failed: ${reasonsWords(probe)}. The switch stands: requests of a probe never take it back.`,
  ]
}

/** "status 502, 12 times; ECONNREFUSED, once". */
export function reasonsWords({ failed, reasons }: TrafficFigures): string {
  const told = reasons.reduce((sum, { count }) => sum + count, 0)
  const words = reasons.map(({ count, reason }) => `${reason}, ${timesWords(count)}`)
  return [...words, ...(told < failed ? [`other reasons, ${timesWords(failed - told)}`] : [])].join('; ')
}

/** "1.2 ms": below ten a decimal tells something. */
export function latencyWords(ms: number): string {
  return ms < 10 ? `${ms} ms` : timeWords(ms)
}

function timesWords(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
