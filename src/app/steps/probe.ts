import { judgeTraffic, type TrafficFigures } from '../../domain/traffic.ts'
import { targetOfSwitch } from '../../domain/traffic-target.ts'
import type { TrafficPace } from '../ports/requests.ts'
import type { Run } from '../run.ts'
import { inMaintenance } from '../world.ts'

const PACE: TrafficPace = { keepAlive: 3, short: 1, perSecond: 50, answerWithinMs: 5_000, maxMs: 60_000 }

/**
 * Requests go on for a moment after the confirmation, beside the steps that follow. Where none does, as in a switch
 * whose old color stays warm, the command waits for these two times at most.
 */
const AFTER_CONFIRM_MS = 30
const ANSWERS_WITHIN_MS = 30

/**
 * A small stream of requests along the way of users, begun just before the switch, to tell them in figures what the
 * switch cost. It decides nothing: one failed request may be the app's own, and a switch that was confirmed stands.
 */
export function beginProbe(run: Run): void {
  // Before the first release nobody is served whom a switch could disturb.
  if (!run.settings.probe || run.from === undefined || run.site === undefined) return
  if (inMaintenance(run.world)) return
  const target = targetOfSwitch(run.site, run.settings)
  if (target !== undefined) run.probe = run.ports.traffic.start(target, PACE)
}

/** Lets the stream end by itself, beside the steps that follow. */
export function endProbe(run: Run): void {
  void run.probe?.stop({ afterMs: AFTER_CONFIRM_MS, graceMs: ANSWERS_WITHIN_MS })
}

/** Ends a stream that an end of the run left behind. */
export function abandonProbe(run: Run): void {
  void run.probe?.stop({ afterMs: 0, graceMs: 0 })
}

/** What the stream met; undefined: there was none. */
export async function probeFigures(run: Run): Promise<TrafficFigures | undefined> {
  const record = await run.probe?.stop({ afterMs: 0, graceMs: 0 })
  return record === undefined ? undefined : judgeTraffic(record)
}
