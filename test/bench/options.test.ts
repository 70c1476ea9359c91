import { describe, expect, test } from 'vitest'
import { parseOptions } from './options.ts'
import { PART_NAMES } from './part-names.ts'

describe('the options of the benchmark', () => {
  test('without a word: all of it, in full', () =>
    expect(parseOptions([])).toEqual({
      size: 'full',
      only: PART_NAMES,
      json: undefined,
      readme: 'leave',
      missed: 'tell',
    }))

  test('name parts in any order, measured in the order there is', () => {
    const options = parseOptions(['--quick', '--only', 'memory', '--only', 'switch', '--json', 'out.json'])
    expect(options).toMatchObject({ size: 'quick', only: ['switch', 'memory'], json: 'out.json' })
  })

  test('refuse a part that there is not, and name those that there are', () =>
    expect(() => parseOptions(['--only', 'speed'])).toThrow(
      'no part "speed"; there are help, status, plan, switch, ',
    ))
})
