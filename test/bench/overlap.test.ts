import { describe, expect, test } from 'vitest'
import { latenciesIn, longestGapMs, momentOf } from './overlap.ts'

const answer = (release: string, startedMs: number, atMs: number) => ({ release, startedMs, atMs })
const MOVE = { from: '1', to: '2', sinceMs: 50, fromMs: 100, doneMs: 180, toMs: 300 }

describe('the moment of a switch', () => {
  test('lies between the last request to the old release and the first answer of the new one', () => {
    const answers = [
      answer('1', 110, 115),
      answer('1', 130, 190),
      answer('2', 131, 140),
      answer('2', 200, 210),
    ]
    expect(momentOf(answers, MOVE)).toEqual({ commandMs: 80, firstNewMs: 40, lastOldMs: 30 })
  })

  test('is looked for in the time of its own switch only', () => {
    const answers = [answer('2', 40, 49), answer('1', 110, 120), answer('2', 150, 160), answer('1', 301, 302)]
    expect(momentOf(answers, MOVE)).toMatchObject({ firstNewMs: 60, lastOldMs: 10 })
  })

  test('is told from when the proxy was told, too, where somebody knows', () =>
    expect(momentOf([answer('1', 110, 120), answer('2', 150, 160)], { ...MOVE, toldMs: 154 })).toEqual({
      commandMs: 80,
      firstNewMs: 60,
      lastOldMs: 10,
      sinceToldMs: 6,
    }))

  test('may come before any request to the old release, where the command is fast', () => {
    const answers = [answer('1', 20, 30), answer('1', 60, 70), answer('2', 101, 102)]
    expect(momentOf(answers, MOVE)).toMatchObject({ firstNewMs: 2, lastOldMs: -40 })
  })

  test('is an error where users never moved', () =>
    expect(() => momentOf([answer('1', 110, 120)], MOVE)).toThrow('from release 1 to 2'))
})

test('latencies are those of requests that began in the stretch', () => {
  const answers = [answer('1', 9, 20), answer('1', 10, 13), answer('1', 19, 40), answer('1', 20, 21)]
  expect(latenciesIn(answers, { fromMs: 10, toMs: 20 })).toEqual([3, 21])
})

test.each([
  [[], 0],
  [[5], 0],
  [[30, 10, 14], 16],
])('the longest gap between answers at %j ms is %d ms', (times, gap) =>
  expect(longestGapMs(times.map((atMs) => answer('1', 0, atMs)))).toBe(gap),
)
