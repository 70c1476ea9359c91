import { setTimeout as sleep } from 'node:timers/promises'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import type { Clock } from './clock.ts'
import { spread } from './figures.ts'
import { longestGapMs, type Move, overlapMs } from './overlap.ts'
import type { TrafficRow } from './report.ts'

const KEEP_ALIVE = { connections: 50, mode: 'keep-alive', postShare: 0.5, paceMs: 25 } as const
const SHORT = { connections: 10, mode: 'short', paceMs: 50 } as const
const TRAFFIC_MAX_MS = 120_000
// Before and after a switch, so that what it costs is not put down to the next one.
const CALM_MS = 500
const ARRIVAL_MAX_MS = 15_000

/** One stretch of traffic with some moves in it. */
export interface Stretch extends Pick<TrafficRow, 'sent' | 'lost' | 'reasons' | 'longestGapMs'> {
  overlapsMs: number[]
  /** The release that users are on when it ends. */
  endsOn: string
}

/** Moves users between releases 1 and 2 under traffic that runs the whole time and never retries. */
export async function underTraffic(
  way: { port: number; moves: number; moveTo: (release: string) => Promise<void> },
  { clock, from }: { clock: Clock; from: string },
): Promise<Stretch> {
  const common = { port: way.port, maxMs: TRAFFIC_MAX_MS }
  const traffic = [startTraffic({ ...common, ...KEEP_ALIVE }), startTraffic({ ...common, ...SHORT })]
  const [keepAlive, short] = traffic as [Traffic, Traffic]
  const shiftMs = keepAlive.nowMs() - short.nowMs()
  const moves: Move[] = []
  let release = from
  try {
    for (let index = 0; index < way.moves; index++) {
      await sleep(CALM_MS)
      clock.check()
      const to = release === '1' ? '2' : '1'
      const fromMs = keepAlive.nowMs()
      await way.moveTo(to)
      await answersAgain(keepAlive)
      await sleep(CALM_MS)
      moves.push({ from: release, to, fromMs, toMs: keepAlive.nowMs() })
      release = to
    }
  } finally {
    await Promise.all(traffic.map((each) => each.stop()))
  }
  const [kept, shorts] = await Promise.all([keepAlive.stop(), short.stop()])
  const answers = [
    ...kept.answers,
    ...shorts.answers.map(({ startedMs, atMs, release }) => ({
      startedMs: startedMs + shiftMs,
      atMs: atMs + shiftMs,
      release,
    })),
  ]
  return {
    sent: kept.sent + shorts.sent,
    lost: kept.failed + shorts.failed,
    reasons: [...new Set([...kept.failures, ...shorts.failures].map(({ reason }) => reason))],
    overlapsMs: moves.map((move) => overlapMs(answers, move)),
    longestGapMs: longestGapMs(answers),
    endsOn: release,
  }
}

/** All stretches of one way, as a row. */
export function joinStretches(stretches: readonly Stretch[]): Omit<TrafficRow, 'what' | 'mark'> {
  const overlaps = stretches.flatMap(({ overlapsMs }) => overlapsMs)
  return {
    switches: overlaps.length,
    sent: stretches.reduce((total, { sent }) => total + sent, 0),
    lost: stretches.reduce((total, { lost }) => total + lost, 0),
    reasons: [...new Set(stretches.flatMap(({ reasons }) => reasons))],
    overlapMs: spread(overlaps),
    longestGapMs: Math.max(...stretches.map(({ longestGapMs }) => longestGapMs)),
  }
}

// `docker compose up -d` returns before the app answers; the wait for it belongs to the move.
async function answersAgain(traffic: Traffic): Promise<void> {
  const before = traffic.count().ok
  const deadline = performance.now() + ARRIVAL_MAX_MS
  while (traffic.count().ok <= before + KEEP_ALIVE.connections) {
    if (performance.now() > deadline) throw new Error(`No answer ${ARRIVAL_MAX_MS / 1000} s after a switch.`)
    await sleep(20)
  }
}
