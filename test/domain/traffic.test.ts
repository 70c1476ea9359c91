import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeTraffic, type TrafficSample } from '../../src/domain/traffic.ts'

const ok = (startedMs: number, endedMs: number): TrafficSample => ({ startedMs, endedMs, result: 'ok' })
const failed = (startedMs: number, reason: string): TrafficSample => ({
  startedMs,
  endedMs: startedMs + 1,
  result: { failed: reason },
})

describe('the figures of a stream', () => {
  test('count what was sent, and tell good, failed and open ones apart', () => {
    const samples = [ok(0, 2), failed(5, 'status 502'), { startedMs: 6, endedMs: 9, result: 'open' as const }]
    expect(judgeTraffic({ samples, durationMs: 10 })).toEqual({
      sent: 3,
      ok: 1,
      failed: 1,
      open: 1,
      reasons: [{ reason: 'status 502', count: 1 }],
      longestGapMs: 8,
      medianMs: 2,
      p99Ms: 2,
    })
  })

  test.each([
    ['between two good answers', [ok(0, 1), ok(10, 41), ok(11, 12), ok(12, 45)], 46, 29],
    ['at the begin', [ok(0, 30), ok(30, 31)], 32, 30],
    ['at the end', [ok(0, 1), ok(1, 2)], 50, 48],
    ['through failed ones, which are no answers', [ok(0, 1), failed(5, 'x'), ok(20, 21)], 22, 20],
    ['over all of it when nothing was answered', [failed(5, 'x')], 1_000, 1_000],
    ['not past the end, where answers came late', [ok(0, 1), ok(1, 12)], 10, 11],
  ])('find the longest gap %s', (_, samples, durationMs, gap) => {
    expect(judgeTraffic({ samples, durationMs }).longestGapMs).toBe(gap)
  })

  test('name the first reasons, each with how often it came up', () => {
    const samples = ['a', 'b', 'a', 'c', 'd', 'a'].map((reason, index) => failed(index, reason))
    const { failed: count, reasons } = judgeTraffic({ samples, durationMs: 6 })
    expect(count).toBe(6)
    expect(reasons).toEqual([
      { reason: 'a', count: 3 },
      { reason: 'b', count: 1 },
      { reason: 'c', count: 1 },
    ])
  })

  test('of nothing are nothing', () => {
    expect(judgeTraffic({ samples: [], durationMs: 7 })).toMatchObject({
      sent: 0,
      longestGapMs: 7,
      medianMs: undefined,
      p99Ms: undefined,
    })
  })

  const sample = fc
    .tuple(
      fc.integer({ min: 0, max: 1e5 }),
      fc.integer({ min: 0, max: 1e4 }),
      fc.constantFrom('ok', 'open', 'x'),
    )
    .map(([startedMs, tookMs, kind]): TrafficSample => {
      const result = kind === 'ok' || kind === 'open' ? kind : { failed: kind }
      return { startedMs, endedMs: startedMs + tookMs, result }
    })

  test('add up, and latencies are ones that were met', () => {
    fc.assert(
      fc.property(fc.array(sample), fc.integer({ min: 0, max: 2e5 }), (samples, durationMs) => {
        const figures = judgeTraffic({ samples, durationMs })
        expect(figures.ok + figures.failed + figures.open).toBe(figures.sent)
        const met = samples
          .filter((each) => each.result === 'ok')
          .map((each) => each.endedMs - each.startedMs)
        for (const latency of [figures.medianMs, figures.p99Ms]) {
          if (met.length === 0) expect(latency).toBeUndefined()
          else expect(met).toContain(latency)
        }
        expect(figures.p99Ms ?? 0).toBeGreaterThanOrEqual(figures.medianMs ?? 0)
      }),
    )
  })
})
