import { expect, test } from 'vitest'
import { anySeed } from '../support/kills/draw.ts'
import { complaints } from '../support/kills/figures.ts'
import { runKills } from '../support/kills/run-kills.ts'

// Every place of every command once or more; `npm run test:kills -- --seed N` draws the same again.
const KILLS = 50

test('killed in any step of any command, users are served, status tells of it, and the next command mends it', async () => {
  const seed = anySeed()
  const figures = await runKills({ seed, kills: KILLS, lanes: 3, say: () => {} })
  expect(complaints(figures), `seed ${seed}`).toEqual([])
  expect(figures.failed).toBe(0)
  expect(figures.requests).toBeGreaterThan(20 * KILLS)
  expect(figures.kills.length).toBeGreaterThanOrEqual(KILLS)
}, 900_000)
