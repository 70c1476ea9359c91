/** One request of a stream; times are ms since the stream began. `open`: no answer yet when the stream ended. */
export type TrafficSample = {
  startedMs: number
  endedMs: number
  result: 'ok' | 'open' | { failed: string }
}

/** A stream of requests that ended: `durationMs` after its begin no more were sent. */
export type TrafficRecord = { samples: readonly TrafficSample[]; durationMs: number }

/** What a stream of requests met, in figures. */
export type TrafficFigures = {
  sent: number
  ok: number
  failed: number
  /** Sent, and still without an answer at the end: neither good nor failed. */
  open: number
  /** Why requests failed, in the order in which the reasons came up; the first few. */
  reasons: { reason: string; count: number }[]
  /** The longest time without a good answer, begin and end of the stream included, in whole ms. */
  longestGapMs: number
  /** Of good answers, in ms with one decimal; undefined: there was none. */
  medianMs: number | undefined
  p99Ms: number | undefined
}

const REASONS_KEPT = 3

/** The figures of a stream. */
export function judgeTraffic({ durationMs, samples }: TrafficRecord): TrafficFigures {
  const good = samples.filter((sample) => sample.result === 'ok')
  const open = samples.filter((sample) => sample.result === 'open').length
  const latencies = good.map((sample) => sample.endedMs - sample.startedMs).sort((a, b) => a - b)
  return {
    sent: samples.length,
    ok: good.length,
    failed: samples.length - good.length - open,
    open,
    reasons: reasonsOf(samples),
    longestGapMs: Math.round(
      longestGap(
        good.map((sample) => sample.endedMs),
        durationMs,
      ),
    ),
    medianMs: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  }
}

function reasonsOf(samples: readonly TrafficSample[]): TrafficFigures['reasons'] {
  const counts = new Map<string, number>()
  for (const { result } of samples) {
    if (typeof result === 'object') counts.set(result.failed, (counts.get(result.failed) ?? 0) + 1)
  }
  return [...counts].slice(0, REASONS_KEPT).map(([reason, count]) => ({ reason, count }))
}

function longestGap(answeredMs: readonly number[], durationMs: number): number {
  let longest = 0
  let before = 0
  for (const atMs of [...answeredMs].sort((a, b) => a - b)) {
    longest = Math.max(longest, atMs - before)
    before = atMs
  }
  return Math.max(longest, durationMs - before)
}

/** By nearest rank: a latency that was really met, never one between two. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  return value === undefined ? undefined : Math.round(value * 10) / 10
}
