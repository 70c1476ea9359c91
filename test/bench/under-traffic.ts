import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import { type Load, type Loads, nowMs, type Seen, startLoads, type Users } from './loads.ts'
import { latenciesIn, type Moment, type Move, momentOf } from './overlap.ts'

const TRAFFIC_MAX_MS = 120_000
// Before and after a switch, so that what it costs is not put down to the next one.
const APART_MS = 500
const ARRIVAL_MAX_MS = 15_000

/** A way of moving users from one release to the other and back. */
export interface Way {
  what: string
  port: number
  /** How often it moves users in a round. */
  moves: number
  moveTo: (release: string) => Promise<unknown>
  /** When the proxy was told to lead to a release, where it can say so; ms of `nowMs`. */
  toldMs?: () => Promise<number>
}

/** One stretch of traffic with some moves in it. */
export interface Stretch extends Omit<Seen, 'answers'> {
  moments: Moment[]
  /** How long answers took while a command ran, and just before it, in milliseconds. */
  latencies: { during: number[]; calm: number[] }
  /** The release that users are on when it ends. */
  endsOn: string
}

/**
 * Moves users between releases 1 and 2 under traffic that runs the whole time and never retries. `calmMs`: how long
 * before each move.
 */
export async function underTraffic(
  way: Way,
  {
    calmMs = APART_MS,
    clock,
    from,
    loads,
    users = {},
  }: { calmMs?: number; clock: Clock; from: string; loads: readonly Load[]; users?: Users },
): Promise<Stretch> {
  const traffic = await startLoads({ port: way.port, loads, maxMs: TRAFFIC_MAX_MS }, users)
  const connections = loads.reduce((total, load) => total + load.connections, 0)
  const moves: Move[] = []
  let release = from
  try {
    for (let index = 0; index < way.moves; index++) {
      const sinceMs = nowMs()
      await sleep(calmMs)
      clock.check()
      const to = release === '1' ? '2' : '1'
      const fromMs = nowMs()
      await way.moveTo(to)
      const doneMs = nowMs()
      await answersAgain(traffic, connections * 2)
      // To ask is work for the machine: long before anything is measured again.
      const toldMs = await way.toldMs?.()
      await sleep(APART_MS)
      moves.push({ from: release, to, sinceMs, fromMs, doneMs, toldMs, toMs: nowMs() })
      release = to
    }
  } finally {
    await traffic.stop()
  }
  const { answers, ...seen } = await traffic.stop()
  return {
    ...seen,
    moments: moves.map((move) => momentOf(answers, move)),
    latencies: {
      during: moves.flatMap(({ fromMs, doneMs }) => latenciesIn(answers, { fromMs, toMs: doneMs })),
      calm: moves.flatMap(({ fromMs, sinceMs }) => latenciesIn(answers, { fromMs: sinceMs, toMs: fromMs })),
    },
    endsOn: release,
  }
}

// `docker compose up -d` returns before the app answers; the wait for it belongs to the move.
async function answersAgain(traffic: Loads, count: number): Promise<void> {
  const wanted = traffic.answered() + count
  const deadline = performance.now() + ARRIVAL_MAX_MS
  while (traffic.answered() <= wanted) {
    if (performance.now() > deadline) throw new Error(`No answer ${ARRIVAL_MAX_MS / 1000} s after a switch.`)
    await sleep(20)
  }
}
