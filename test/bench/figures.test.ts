import { describe, expect, test } from 'vitest'
import { percentile, ratios, spread } from './figures.ts'

describe('spread', () => {
  test.each([
    [[7], { median: 7, min: 7, max: 7 }],
    [[9, 1, 5], { median: 5, min: 1, max: 9 }],
    [[4, 1, 2, 100], { median: 3, min: 1, max: 100 }],
  ])('of %j is %j', (figures, expected) => expect(spread(figures)).toEqual(expected))

  test('of nothing is an error', () => expect(() => spread([])).toThrow('No figures'))
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  test.each([
    [hundred, 99, 99],
    [hundred, 50, 50],
    [hundred, 100, 100],
    [[3, 1, 2], 99, 3],
    [[5], 1, 5],
  ])('of %j at %d is %d', (figures, percentage, expected) =>
    expect(percentile(figures, percentage)).toBe(expected),
  )

  test('of nothing is an error', () => expect(() => percentile([], 99)).toThrow('No figures'))
})

describe('ratios', () => {
  test('are those of each round', () => expect(ratios({ ours: [2, 9], theirs: [1, 3] })).toEqual([2, 3]))

  test('need a figure on the other side of every round', () =>
    expect(() => ratios({ ours: [1, 2], theirs: [1] })).toThrow('Round 2'))
})
