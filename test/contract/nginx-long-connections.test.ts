import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import { imageFromSetup } from '../support/apps.ts'
import { expectNoneFailed } from '../support/expect.ts'
import { startTraffic, untilAnswered } from '../support/traffic.ts'
import { until } from '../support/until.ts'
import {
  downloadSlowly,
  type LongConnection,
  openEvents,
  openWebSocket,
  uploadSlowly,
} from './support/long-clients.ts'
import { moveTo } from './support/move-to.ts'
import { createNginxLab, type NginxLab, workersOf } from './support/nginx-lab.ts'
import { pipelinePosts } from './support/pipeline.ts'

const APP = readFileSync(new URL('../support/programs/long-app.mjs', import.meta.url), 'utf8')
const SLOW_MS = 5_000
// What is open for longer on the color that users left counts as long.
const LONG_MS = 2_000

let lab: NginxLab
let generation = 1
let open: LongConnection[] = []
beforeEach(async () => {
  lab = await createNginxLab()
  generation = 1
  const image = imageFromSetup('NODE_IMAGE')
  const argv = (release: string) => ['node', '--input-type=module', '-e', APP, release]
  await Promise.all([
    lab.ensure(),
    lab.start('blue', { image, argv: argv('1') }),
    lab.start('green', { image, argv: argv('2') }),
  ])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
})
afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await lab.remove()
})

test('what is long spans a switch and a rollback unharmed, until the drain time is over', async () => {
  const drainTimeoutMs = 8_000
  await install('blue', { drainTimeoutMs })
  open = [openWebSocket(lab.port), openEvents(lab.port)]
  const slow = [uploadSlowly(lab.port, SLOW_MS), downloadSlowly(lab.port, SLOW_MS)]
  await until(() => open.every((each) => each.last().text !== ''))
  const switchedAtMs = performance.now()
  await install('green', { drainTimeoutMs })
  expect(await release()).toBe('2')
  await install('blue', { drainTimeoutMs })
  expect(await release()).toBe('1')
  const [upload, download] = await Promise.all(slow)
  expect(upload).toEqual({ status: 200, release: '1', length: 6, text: `${(SLOW_MS / 100) * 1_000}\n` })
  expect(download).toMatchObject({ status: 200, release: '1', length: (SLOW_MS / 100) * 1_000 })
  expect(open.map((each) => each.endedAtMs())).toEqual([undefined, undefined])
  expect(open.map((each) => performance.now() - each.last().atMs < 1_000)).toEqual([true, true])
  expect(open.map((each) => each.last().text)).toEqual([expect.stringMatching(/^1:/), 'data: 1'])
  // They are on the color that users came back to: nothing ends them.
  await until(() => performance.now() - switchedAtMs > drainTimeoutMs + LONG_MS + 1_000, {
    timeoutMs: 20_000,
  })
  expect(open.map((each) => each.endedAtMs())).toEqual([undefined, undefined])
  const leftAtMs = performance.now()
  await install('green', { drainTimeoutMs })
  expect(await lab.proxy.draining('blue')).toBe(2)
  await until(() => open.every((each) => each.endedAtMs()), { timeoutMs: 20_000 })
  for (const each of open) {
    expect((each.endedAtMs() ?? 0) - leftAtMs).toBeGreaterThan(drainTimeoutMs - 500)
    expect((each.endedAtMs() ?? 0) - leftAtMs).toBeLessThan(drainTimeoutMs + LONG_MS + 3_000)
  }
  await until(async () => (await lab.proxy.draining('blue')) === 0)
}, 60_000)

test('a move that was taken back at once ends nothing, and reloads nothing', async () => {
  await install('blue', { drainTimeoutMs: 8_000 })
  open = [openWebSocket(lab.port)]
  await until(() => open.every((each) => each.last().text !== ''))
  const workers = await workersOf(lab)
  await install('green', { drainTimeoutMs: 8_000 })
  const { generation: serving = 0 } = (await lab.proxy.current()) ?? {}
  await lab.proxy.reinstate(serving, 'blue')
  const takenBackAtMs = performance.now()
  await until(() => performance.now() - takenBackAtMs > LONG_MS + 1_000)
  expect(await workersOf(lab)).toEqual(workers)
  expect(await release()).toBe('1')
  expect(open.map((each) => each.endedAtMs())).toEqual([undefined])
})

test('long connections that are to be kept go on when the drain time is over', async () => {
  const kept = { drainTimeoutMs: 1_000, delivery: { ...PLAIN_DELIVERY, longConnections: 'keep' } } as const
  await install('blue', kept)
  open = [openWebSocket(lab.port), openEvents(lab.port)]
  await until(() => open.every((each) => each.last().text !== ''))
  await install('green', kept)
  const switchedAtMs = performance.now()
  await until(
    () =>
      performance.now() - switchedAtMs > 6_000 &&
      open.every((each) => each.last().atMs - switchedAtMs > 5_000),
  )
  expect(open.map((each) => each.endedAtMs())).toEqual([undefined, undefined])
  expect(await lab.proxy.observe()).toMatchObject({ state: 'running', active: 'green' })
  expect(await lab.proxy.draining('blue')).toBe(2)
  for (const each of open.splice(0)) each.close()
  await until(async () => (await lab.proxy.draining('blue')) === 0)
}, 60_000)

test('long connections that are to be spread end in portions, none before idle ones are gone', async () => {
  const drainTimeoutMs = 12_000
  const spread = { drainTimeoutMs, delivery: { ...PLAIN_DELIVERY, longConnections: 'spread' } } as const
  await install('blue', spread)
  for (let user = 0; user < 60; user++) {
    // Whoever opens a WebSocket asked for a page before.
    await fetch(`http://127.0.0.1:${lab.port}/`, { headers: { Connection: 'close' } })
    open.push(openWebSocket(lab.port))
  }
  await until(() => open.every((each) => each.last().text !== ''))
  const traffic = startTraffic({
    port: lab.port,
    mode: 'keep-alive',
    connections: 6,
    postShare: 0.5,
    paceMs: 20,
    maxMs: 80_000,
  })
  await untilAnswered(traffic, 50)
  const switchedAtMs = performance.now()
  await install('green', spread)
  await until(() => open.every((each) => each.endedAtMs()), { timeoutMs: 30_000 })
  await expectNoneFailed(traffic)
  const ends = open.map((each) => (each.endedAtMs() ?? 0) - switchedAtMs).toSorted((a, b) => a - b)
  const [first = 0, last = 0] = [ends[0], ends.at(-1)]
  expect(first).toBeGreaterThan(drainTimeoutMs / 2)
  expect(last - first).toBeGreaterThan(drainTimeoutMs / 4)
  const portions = ends.filter((end, index) => end - (ends[index - 1] ?? 0) > 100)
  expect(portions.length).toBeGreaterThan(5)
  const largest = Math.max(...ends.map((end) => ends.filter((other) => Math.abs(other - end) < 100).length))
  expect(largest).toBeLessThan(open.length / 2)
}, 90_000)

test('pipelined POSTs over one connection are each handled once, however often users are moved', async () => {
  let done = false
  const clients = ['a', 'b', 'c'].map((name) =>
    pipelinePosts({ port: lab.port, name, depth: 6, stop: () => done }),
  )
  for (const color of ['green', 'blue', 'green', 'blue'] as const) {
    await install(color)
    await until(async () => await release())
  }
  done = true
  const reports = await Promise.all(clients)

  const preview = (await lab.proxy.ports([lab.port])).previews[lab.port] ?? 0
  const handled = await Promise.all(
    [lab.port, preview].map(
      async (port) => (await (await fetch(`http://127.0.0.1:${port}/bodies`)).json()) as string[],
    ),
  )
  expect(handled.flat().toSorted()).toEqual(reports.flatMap((report) => report.answered).toSorted())
  for (const { answered, lost } of reports) {
    expect(lost).toBe(0)
    expect(answered.length).toBeGreaterThan(50)
  }
}, 60_000)

async function install(color: 'blue' | 'green', facts: Parameters<NginxLab['site']>[2] = {}): Promise<void> {
  generation += 1
  await moveTo(lab.proxy, await lab.site(generation, color, facts))
}

async function release(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${lab.port}/`)).headers.get('x-version') ?? ''
}
