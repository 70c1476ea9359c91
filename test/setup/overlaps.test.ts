import { expect, test } from 'vitest'
import { overlapsOf } from '../contract/support/overlaps.ts'

const answered = (release: string, at: number, end: number) => ({ release, at, end })

test('the last request that the old release answered is measured from the first answer of the new one', () => {
  const instant = [answered('1', 0, 5), answered('1', 90, 130), answered('2', 95, 100)]
  expect(overlapsOf(instant)).toEqual([-10])
  expect(overlapsOf([...instant, answered('1', 150, 155)])).toEqual([50])
})

test('a request that waited long, to either release, is no switch of its own', () => {
  const waited = [
    answered('1', 0, 5),
    answered('2', 10, 100),
    answered('1', 60, 900),
    answered('2', 500, 505),
  ]
  expect(overlapsOf(waited)).toEqual([-40])
})

test('each switch has its own', () => {
  const twice = [
    answered('1', 0, 5),
    answered('2', 100, 105),
    answered('2', 480, 490),
    answered('1', 500, 505),
  ]
  expect(overlapsOf(twice)).toEqual([-105, -25])
})
