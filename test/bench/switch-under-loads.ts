import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import { type Load, startLoads } from './loads.ts'
import type { SwitchStretch } from './series.ts'
import type { SwitchLab } from './switch-lab.ts'

const BETWEEN_MS = 200
const TRAFFIC_MAX_MS = 600_000

/** Switches again and again under traffic that runs the whole time and never retries. */
export async function switchUnderLoads(
  lab: SwitchLab,
  { clock, count, loads }: { clock: Clock; count: number; loads: readonly Load[] },
): Promise<SwitchStretch> {
  const traffic = await startLoads({ port: lab.port, loads, maxMs: TRAFFIC_MAX_MS })
  const switchesMs: number[] = []
  try {
    for (let index = 0; index < count; index++) {
      clock.check()
      switchesMs.push(await lab.switchOver())
      await sleep(BETWEEN_MS)
    }
  } finally {
    await traffic.stop()
  }
  const { answers, longestGapMs, reasons, tallies } = await traffic.stop()
  const { 'keep-alive': kept, short } = tallies
  return {
    switchesMs,
    requestsMs: answers.map(({ atMs, startedMs }) => atMs - startedMs),
    sent: kept.sent + short.sent,
    lost: kept.lost + short.lost,
    reasons,
    longestGapMs,
  }
}
