import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { httpCheck, imageFromSetup } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { containersOf, metadataOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

const REPLICAS = 3
const PROGRAM = new URL('../support/programs/replica.mjs', import.meta.url)

type Sent = { id: string; method: string; result: string; replica: string }

describe('several replicas of a service', () => {
  let box: Sandbox
  let color = ''
  let lastId = 0

  beforeAll(async () => {
    const web = {
      image: imageFromSetup('NODE_IMAGE'),
      command: ['node', '/programs/replica.mjs'],
      volumes: ['./programs:/programs:ro'],
      ports: ['__PORT__:3000'],
      healthcheck: httpCheck,
      deploy: { replicas: REPLICAS },
    }
    box = await createSandbox({
      compose: stringify({ services: { web } }),
      files: { 'programs/replica.mjs': readFileSync(PROGRAM, 'utf8') },
    })
    await succeed(box, ['perform', '--auto-switch'])
    color = `${box.app}-blue`
  })
  afterAll(() => box?.remove())

  const send = async (path = '/'): Promise<Sent> => {
    const id = String(++lastId)
    const method = lastId % 2 === 0 ? 'POST' : 'GET'
    const asked = { method, headers: { 'X-Request-ID': id }, body: method === 'POST' ? 'x'.repeat(512) : '' }
    try {
      const { headers, status } = await box.get(path, asked)
      return { id, method, result: String(status), replica: String(headers['x-replica']) }
    } catch (error) {
      return { id, method, result: (error as Error).message, replica: '' }
    }
  }
  /** Requests of eight clients without a pause, for as long as something is done and some more. */
  const sendWhile = async (act: () => Promise<unknown>, more: number): Promise<Sent[]> => {
    const sent: Sent[] = []
    let last = Number.POSITIVE_INFINITY
    const clients = Array.from({ length: 8 }, async () => {
      while (sent.length < last) sent.push(await send())
    })
    await until(() => sent.length > 100, { timeoutMs: 60_000 })
    await act().finally(() => {
      last = sent.length + more
    })
    await Promise.all(clients)
    return sent
  }
  const replicasThatAnswer = async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => send()))
    return new Set(answers.filter(({ result }) => result === '200').map(({ replica }) => replica))
  }
  const webs = async () => (await containersOf(box, color)).filter(({ service }) => service === 'web')
  /** How often each id was got by the application, killed containers included. */
  const timesGot = async () => {
    const logs = await Promise.all((await webs()).map(({ id }) => box.docker(['logs', id])))
    const times = new Map<string, number>()
    for (const [, id = ''] of logs.join('\n').matchAll(/^(?:GET|POST) (\d+)$/gm))
      times.set(id, (times.get(id) ?? 0) + 1)
    return times
  }
  const failedOf = (sent: Sent[], method: string) =>
    sent.filter((each) => each.method === method && each.result !== '200')

  test('all get requests', async () => {
    expect((await replicasThatAnswer()).size).toBe(REPLICAS)
  })

  test('one that dies costs no GET, and no POST arrives twice', async () => {
    const [victim] = await webs()
    const sent = await sendWhile(() => box.docker(['kill', victim?.id ?? '']), 200)
    const times = await timesGot()
    const posts = sent.filter(({ method }) => method === 'POST')
    expect(failedOf(sent, 'GET')).toEqual([])
    // Those it was answering: whether it had done what they asked for, nobody can tell.
    expect(failedOf(sent, 'POST').filter(({ result }) => result !== '502')).toEqual([])
    expect(failedOf(sent, 'POST').length).toBeLessThanOrEqual(8)
    expect(
      posts.filter(({ id, result }) => (times.get(id) ?? 0) > 1 || (result === '200' && !times.has(id))),
    ).toEqual([])
    expect((await replicasThatAnswer()).size).toBe(REPLICAS - 1)
  })

  test('behind one port are not given back to plain docker compose, which cannot run them', async () => {
    const { code, stderr } = await box.upgrade(['eject', '--yes'])
    expect([code, stderr]).toEqual([3, expect.stringMatching(/cannot run 3 of web: .* port \d+/)])
    expect((await box.get('/')).status).toBe(200)
  })

  test('a request that breaks every replica costs the others nothing', async () => {
    const others = await sendWhile(async () => {
      for (let i = 0; i < 5; i++) expect((await box.get('/breaks')).status).toBe(502)
    }, 50)
    expect(others.filter(({ result }) => result !== '200')).toEqual([])
  })

  test('one that is added or comes back gets requests, without a command', async () => {
    const file = `deployments/${(await statusOf(box)).colors.blue.release}/docker-compose.yml`
    const up = ['up', '-d', '--no-recreate', '--wait', '--scale', `web=${REPLICAS + 1}`]
    const sent = await sendWhile(() => box.compose(['-p', color, '-f', file, ...up]), 50)
    expect(sent.filter(({ result }) => result !== '200')).toEqual([])
    await until(async () => (await replicasThatAnswer()).size === REPLICAS + 1, { timeoutMs: 20_000 })
    expect(metadataOf(box, (await statusOf(box)).colors.blue.release ?? '').routes).toHaveLength(1)
  })

  test('all of them gone and back under other addresses are found at once', async () => {
    const names = (await webs()).map(({ name }) => name)
    const addresses = () =>
      box.docker(['inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', ...names])
    const before = await addresses()
    await box.docker(['stop', ...names])
    for (const name of names.toReversed()) await box.docker(['start', name])
    expect(await addresses()).not.toBe(before)
    await until(async () => (await replicasThatAnswer()).size === REPLICAS + 1, { timeoutMs: 20_000 })
  })

  test('a proxy that is restarted answers with the application from its first answer on', async () => {
    const sent = await sendWhile(() => box.docker(['restart', `${box.app}-proxy-nginx-1`]), 200)
    // While no nginx runs, connections are refused or closed: of those that it answers, none gets less.
    expect(sent.filter(({ result }) => /^\d+$/.test(result) && result !== '200')).toEqual([])
    expect(sent.at(-1)?.result).toBe('200')
  })
})
