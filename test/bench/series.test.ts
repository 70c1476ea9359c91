import { expect, test } from 'vitest'
import { describeSeries, exitCodeOfSeries, renderSeries, seriesOf } from './series.ts'

const stretch = { sent: 500, lost: 0, reasons: [], longestGapMs: 20 }
const one = { ...stretch, switchesMs: [100, 120], requestsMs: [1, 2, 3] }
const two = { ...stretch, switchesMs: [140], requestsMs: [9], lost: 2, reasons: ['ECONNRESET'] }

test('a series sums up its stretches', () =>
  expect(seriesOf([one, two], { name: 'mixed', wanted: 3 })).toEqual({
    name: 'mixed',
    wanted: 3,
    switches: 3,
    sent: 1_000,
    lost: 2,
    reasons: ['ECONNRESET'],
    longestGapMs: 20,
    switchMs: { p50: 120, p99: 140, max: 140 },
    requestMs: { p50: 2, p99: 9, max: 9 },
  }))

test('a series that has hardly begun says what there is to say', () => {
  const begun = seriesOf([], { name: 'mixed', wanted: 500 })
  expect(describeSeries(begun)).toBe('mixed: 0 of 500 switches, 0 of 0 requests lost')
  expect(renderSeries([begun])).toContain('| mixed   | 0 of 500 | 0        | 0    |')
})

test.each([
  [[one], 2, 0],
  [[one], 3, 1],
  [[one, two], 3, 1],
])('only all switches with nothing lost are a success: case %#', (stretches, wanted, code) =>
  expect(exitCodeOfSeries([seriesOf(stretches, { name: 'mixed', wanted })])).toBe(code),
)
