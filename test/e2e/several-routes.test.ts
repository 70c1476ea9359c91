import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { statusOf } from '../support/observe.ts'
import { type RouteStream, startRouteStream } from '../support/route-stream.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic, type Traffic, untilAnswered } from '../support/traffic.ts'
import { freePort } from '../support/until.ts'

const MAX_MS = 170_000
const FRONT = readFileSync(new URL('../support/programs/front.mjs', import.meta.url), 'utf8')

/** A web service that asks an api by its name, and the api, which users reach themselves, too. */
function frontAndApi(version: string): string {
  const image = testAppImage(version)
  const front = { command: ['node', '/programs/front.mjs'], volumes: ['./programs:/programs:ro'] }
  return stringify({ services: { web: { image, ...front }, api: { image } } })
}

describe('two services behind four routes', () => {
  let box: Sandbox
  let traffic: Traffic[]
  let streams: RouteStream[]
  let second: number

  beforeAll(async () => {
    second = await freePort()
    box = await createSandbox({
      compose: frontAndApi('1'),
      files: { 'programs/front.mjs': FRONT },
    })
    const routes = [
      { listen: box.port, service: 'web', port: 3000 },
      { listen: box.port, path: '/api', service: 'api', port: 3000 },
      { listen: box.port, host: 'api.shop.example', service: 'api', port: 3000 },
      { listen: second, service: 'api', port: 3000 },
    ]
    box.write('upgrade.yaml', JSON.stringify({ routes }))
    await succeed(box, ['perform', '--auto-switch'])
    const ways = routes.map(({ host = 'shop.example', listen, path = '/' }) => ({ port: listen, host, path }))
    streams = (['keep-alive', 'short', 'keep-alive', 'short'] as const).map((mode, turn) =>
      startRouteStream([...ways.slice(turn), ...ways.slice(0, turn)], mode),
    )
    traffic = [startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: MAX_MS })]
  })
  afterAll(async () => {
    await Promise.all([...(traffic ?? []), ...(streams ?? [])].map((each) => each.stop()))
    await box?.remove()
  })

  // Previews stand in the order of the ports that they belong to.
  const previewOfWeb = async () => {
    const { previews } = await statusOf(box)
    const [low, high] = previews.map((url) => Number(new URL(url).port))
    const port = box.port < second ? low : high
    if (port === undefined) throw new Error('Green does not stand by.')
    return port
  }

  test('a color that stands by finds its own services by their names, and the other color its own', async () => {
    box.write('compose.yaml', frontAndApi('2'))
    await succeed(box, ['perform'])
    const preview = await previewOfWeb()
    expect((await box.get('/', { port: preview })).headers['x-version']).toBe('2 2 1')
    traffic.push(startTraffic({ port: preview, connections: 4, mode: 'short', maxMs: MAX_MS }))
    for (const command of [['switch', 'green'], ['rollback'], ['switch', 'green']]) {
      await Promise.all(traffic.map((each) => untilAnswered(each, 20)))
      await succeed(box, command)
    }
    for (const each of traffic) {
      const { answers } = await each.stop()
      expect(new Set(answers.map(({ release }) => release))).toEqual(new Set(['1 1 1', '2 2 1']))
      await expectNoneFailed(each, { atLeast: 50 })
    }
  })

  test('all routes switch at once: whoever saw the new release on one never sees the old one on another', async () => {
    for (const stream of streams) {
      const answers = await stream.stop()
      const moves = answers.filter((answer, index) => answer !== answers[index - 1])
      expect(moves).toEqual(['1', '2', '1', '2'])
      expect(answers.length).toBeGreaterThan(100)
    }
  })
})
