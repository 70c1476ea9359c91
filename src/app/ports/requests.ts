import type { HttpCheck } from '../../domain/settings.ts'
import type { TrafficRecord } from '../../domain/traffic.ts'
import type { TrafficTarget } from '../../domain/traffic-target.ts'

/** What a probe got: an answer of the service, a connection that was refused or broke, or none at all. */
export type ProbeAnswer =
  | { kind: 'answered'; status: number; ok: boolean; why: string | undefined; ms: number }
  | { kind: 'refused'; why: string }
  | { kind: 'unreachable'; why: string }

/** HTTP from outside, as a user would ask. */
export interface Http {
  ask(url: string, check: HttpCheck): Promise<ProbeAnswer>
}

/** A small stream of requests as users would send them: GET only, to this machine only, never one twice. */
export interface Traffic {
  /** Begins at once, and throws nothing: what fails is a sample. Must be stopped. */
  start(target: TrafficTarget, pace: TrafficPace): TrafficStream
}

/** Connections that are kept, connections made anew for each request, and how many requests they share. */
export type TrafficPace = {
  keepAlive: number
  short: number
  perSecond: number
  /** A request without a whole answer after this long has failed. */
  answerWithinMs: number
  /** No request is sent after this long, stopped or not. */
  maxMs: number
}

/** A stream under way. */
export interface TrafficStream {
  /**
   * Sends no more after `afterMs`, waits `graceMs` for answers; what has none then is `open`. The first call counts,
   * later ones get its result. Never throws.
   */
  stop(when: { afterMs: number; graceMs: number }): Promise<TrafficRecord>
}
