import { expect, test } from 'vitest'
import { stillStopping } from '../../src/domain/stopping.ts'

const web = { name: 'shop-blue-web-1', graceMs: 10_000 }
const worker = { name: 'shop-blue-worker-1', graceMs: 60_000 }

test.each([
  ['the longest grace time counts', [worker, web], 0, 60],
  ['what went by of it is no longer waited for', [worker, web], 20_500, 40],
  ['a kill takes a moment, too', [web], 10_200, 1],
])('%s', (_, left, elapsedMs, seconds) => {
  expect(stillStopping(left, elapsedMs)).toEqual({ containers: left.map(({ name }) => name).sort(), seconds })
})
