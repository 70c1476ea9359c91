import { afterAll, beforeAll, expect, test } from 'vitest'
import { STEPS } from '../../src/domain/steps.ts'
import { imageFromSetup } from '../support/apps.ts'
import { createDraw } from '../support/kills/draw.ts'
import { killEngineIn } from '../support/kills/engine-kills.ts'
import { createPrivateEngine, type PrivateEngine } from '../support/private-engine.ts'

// The same steps each time; `npm run test:engine` goes through all of them.
const SEED = 12
const SOME = 3

let engine: PrivateEngine
beforeAll(async () => {
  engine = await createPrivateEngine([imageFromSetup('PROXY_IMAGE'), imageFromSetup('REDIS_IMAGE')])
})
afterAll(() => engine?.remove())

test('whatever step the engine dies in, users end on a color that works, and the next command gets on', async () => {
  const steps = createDraw(SEED).shuffled(STEPS).slice(0, SOME)
  expect(await killEngineIn({ engine, steps, say: () => {} })).toEqual([])
}, 300_000)
