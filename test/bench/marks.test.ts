import { describe, expect, test } from 'vitest'
import { describeMark, judgeRow, judgeTraffic, type Mark } from './marks.ts'

const at = (median: number) => ({ median, min: 0, max: 1_000 })
const beside = (ratio: number) => ({ what: 'the other', theirs: at(1), ratio: at(ratio) })

describe('a mark', () => {
  test.each<[Mark | undefined, number, number, string]>([
    [{ of: 'ratio', most: 2 }, 9, 2, 'ok'],
    [{ of: 'ratio', most: 2 }, 9, 2.01, 'missed'],
    [{ of: 'ratio', least: 0.95 }, 9, 0.95, 'ok'],
    [{ of: 'ratio', least: 0.95 }, 9, 0.94, 'missed'],
    [{ of: 'ours', most: 3.7 }, 3.7, 9, 'ok'],
    [{ of: 'ours', most: 3.7 }, 3.8, 9, 'missed'],
    [undefined, 9, 9, 'no mark'],
  ])('%j, the figure %d, the ratio %d: %s', (mark, ours, ratio, verdict) =>
    expect(judgeRow({ mark, ours: at(ours), beside: beside(ratio) })).toBe(verdict),
  )

  test('on the ratio is none where there is nothing to compare with', () =>
    expect(judgeRow({ mark: { of: 'ratio', most: 2 }, ours: at(1), beside: undefined })).toBe('no mark'))

  test.each([
    ['none lost', 0, 0, 'ok'],
    ['none lost', 1, 0, 'missed'],
    ['none lost', 0, 1, 'missed'],
    [undefined, 1, 1, 'no mark'],
  ] as const)('%s, lost %d on kept connections and %d on short ones: %s', (mark, kept, short, verdict) =>
    expect(judgeTraffic({ mark, keepAlive: { sent: 9, lost: kept }, short: { sent: 9, lost: short } })).toBe(
      verdict,
    ),
  )

  test.each<[Mark, string]>([
    [{ of: 'ratio', most: 2.5 }, '≤ 2.5'],
    [{ of: 'ratio', least: 0.95 }, '≥ 0.95'],
    [{ of: 'ours', most: 3.7 }, '≤ 3.7 s'],
  ])('%j reads %s', (mark, words) => expect(describeMark(mark, 's')).toBe(words))
})
