import { expect, test } from 'vitest'
import { afterAll, releaseId } from '../../src/domain/release.ts'

const at = (time: string) => ({ created: `2026-01-29T${time}Z` })
const NOW = Date.parse('2026-01-29T12:00:00Z')

test('a release is later than all there are, whatever the clock says', () => {
  expect(afterAll([], NOW)).toBe(NOW)
  expect(afterAll([at('11:59:58')], NOW)).toBe(NOW)
  expect(afterAll([at('11:00:00'), at('12:30:00.250')], NOW)).toBe(Date.parse('2026-01-29T12:30:01.250Z'))
  expect(afterAll([{ created: 'once' }], NOW)).toBe(NOW)
})

test('two in one second have names of their own', () => {
  const second = afterAll([{ created: new Date(NOW).toISOString() }], NOW + 300)
  expect(releaseId('blue', new Date(second))).not.toBe(releaseId('blue', new Date(NOW)))
})
