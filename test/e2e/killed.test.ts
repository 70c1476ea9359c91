import { expect, test } from 'vitest'
import { complaints } from '../support/kills/figures.ts'
import { runKills } from '../support/kills/run-kills.ts'

// The same places each time; `npm run test:kills` draws others, and more than a hundred.
const KILLS = 30
const SEED = 7

test('killed in any step of any command, users are served, status tells of it, and the next command mends it', async () => {
  const figures = await runKills({ seed: SEED, kills: KILLS, lanes: 3, say: () => {} })
  expect(complaints(figures)).toEqual([])
  expect(figures.failed).toBe(0)
  expect(figures.requests).toBeGreaterThan(20 * KILLS)
  expect(figures.kills.length).toBeGreaterThanOrEqual(KILLS)
}, 900_000)
