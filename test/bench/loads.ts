import { type Answer, startTraffic, type TrafficOptions } from '../support/traffic.ts'
import { longestGapMs } from './overlap.ts'

export type Load = Pick<TrafficOptions, 'connections' | 'mode' | 'paceMs' | 'postShare'>

/** Requests of one kind, and what became of them. */
export interface Tally {
  sent: number
  lost: number
}

/** What all loads together have seen; times are on one clock. */
export interface Seen {
  answers: Answer[]
  tallies: Record<Load['mode'], Tally>
  /** Every reason of a loss that was seen. */
  reasons: string[]
  longestGapMs: number
}

/** Several loads on one port that run side by side. */
export interface Loads {
  nowMs: () => number
  /** How many requests were answered well so far. */
  answered: () => number
  stop: () => Promise<Seen>
}

/** Starts them; none ever retries a request. */
export function startLoads(port: number, loads: readonly Load[], { maxMs }: { maxMs: number }): Loads {
  const originMs = performance.now()
  const nowMs = () => performance.now() - originMs
  const running = loads.map((load) => {
    const traffic = startTraffic({ port, maxMs, ...load })
    return { ...load, traffic, shiftMs: nowMs() - traffic.nowMs() }
  })
  return {
    nowMs,
    answered: () => running.reduce((total, { traffic }) => total + traffic.count().ok, 0),
    stop: async () => {
      const tallies: Seen['tallies'] = { 'keep-alive': { sent: 0, lost: 0 }, short: { sent: 0, lost: 0 } }
      const answers: Answer[] = []
      const reasons = new Set<string>()
      const ended = running.map(async (each) => ({ ...each, report: await each.traffic.stop() }))
      for (const { mode, report, shiftMs } of await Promise.all(ended)) {
        tallies[mode].sent += report.sent
        tallies[mode].lost += report.failed
        for (const { reason } of report.failures) reasons.add(reason)
        for (const { atMs, release, startedMs } of report.answers)
          answers.push({ startedMs: startedMs + shiftMs, atMs: atMs + shiftMs, release })
      }
      return { answers, tallies, reasons: [...reasons], longestGapMs: longestGapMs(answers) }
    },
  }
}
