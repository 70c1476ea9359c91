import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { createEngine } from '../../src/infra/docker/engine.ts'
import { SHOP_FILES, webWithRedis } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { containerOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { until } from '../support/until.ts'

const HOLDER = readFileSync(new URL('../support/programs/holder.mjs', import.meta.url), 'utf8')
const SETTINGS = 'services: {quick: {class: singleton}, slow: {class: singleton}}\n'
const ENDS_MS = { quick: 200, slow: 2_000 }
type Worker = keyof typeof ENDS_MS

const TIMES = 5
// What else a machine does makes one time or another longer. So most hand-overs must be no longer than the longest of as many
// stops and starts by hand, between which it is as busy, and a margin: on an idle one all of these lie that close together.
const MARGIN_MS = 150

describe('singletons are nowhere for no longer than their own stop and start take', () => {
  let box: Sandbox
  const engine = createEngine({ env: process.env, signal: () => new AbortController().signal })
  const none: Record<'own' | 'handedOver', Record<Worker, number[]>> = {
    own: { quick: [], slow: [] },
    handedOver: { quick: [], slow: [] },
  }

  beforeAll(async () => {
    const files = { ...SHOP_FILES, 'programs/holder.mjs': HOLDER, 'upgrade.yaml': SETTINGS }
    box = await createSandbox({ compose: release('1'), files })
    await succeed(box, ['perform', '--auto-switch'])
    box.write('compose.yaml', release('2'))
    await succeed(box, ['perform', '--auto-switch'])
  })
  afterAll(() => box?.remove())

  const workerOf = async (color: string, worker: Worker) =>
    (await containerOf(box, `${box.app}-${color}`, worker)).id
  /** When a worker last said something, by its own clock, which is the machine's. */
  const saidAt = async (id: string, word: 'holds' | 'stops') =>
    Number(
      (await box.docker(['logs', id]))
        .match(new RegExp(`^${word} \\d+`, 'gm'))
        ?.at(-1)
        ?.split(' ')[1],
    )
  /** For how long nobody worked: from when the one was asked to stop until the other had the lock. */
  const noneMs = async (old: string, next: string) => {
    const stopped = await saidAt(old, 'stops')
    await until(async () => (await saidAt(next, 'holds')) > stopped)
    return (await saidAt(next, 'holds')) - stopped
  }

  test('each by itself, and each when it is handed over, of which none waits for the other', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      const [from, to] = time % 2 === 0 ? ['green', 'blue'] : ['blue', 'green']
      for (const worker of ['quick', 'slow'] as const) {
        const id = await workerOf(from, worker)
        await engine.stop(id)
        await engine.start(id)
        none.own[worker].push(await noneMs(id, id))
      }
      await succeed(box, ['switch', to])
      for (const worker of ['quick', 'slow'] as const)
        none.handedOver[worker].push(await noneMs(await workerOf(from, worker), await workerOf(to, worker)))
    }
    for (const worker of ['quick', 'slow'] as const)
      expect(median(none.handedOver[worker]), JSON.stringify(none)).toBeLessThan(
        Math.max(...none.own[worker]) + MARGIN_MS,
      )
  })

  test('and never were there two of one', async () => {
    expect((await box.compose(['exec', '-T', 'redis', 'redis-cli', 'get', 'twice'])).trim()).toBe('')
  })
})

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** A web service, its redis, and two workers, one of which takes ten times as long to end. */
function release(version: string): string {
  const { services, ...rest } = parse(webWithRedis({ version }))
  const worker = (name: Worker) => ({
    image: testAppImage(version),
    command: ['node', '/programs/holder.mjs'],
    environment: { REDIS_HOST: 'redis', NAME: name, ENDS_MS: String(ENDS_MS[name]) },
    volumes: ['./programs:/programs:ro'],
    depends_on: { redis: { condition: 'service_healthy' } },
  })
  return stringify({ services: { ...services, quick: worker('quick'), slow: worker('slow') }, ...rest })
}
