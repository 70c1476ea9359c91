import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Proxy as ProxyPort } from '../../src/app/ports/proxy.ts'
import type { SiteFacts } from '../../src/domain/build-site.ts'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import type { Route } from '../../src/domain/service.ts'
import { upstreamHost } from '../../src/domain/site.ts'
import { imageFromSetup } from '../support/apps.ts'
import { openGrpcStream } from '../support/grpc-stream.ts'
import { must } from '../support/run.ts'
import { freePort, until } from '../support/until.ts'
import { HANDLED_IN_MS, runH2Traffic } from './support/h2-traffic.ts'
import { moveTo } from './support/move-to.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'
import { APART_MS, median, overlapsOf } from './support/overlaps.ts'

const APP = readFileSync(new URL('../support/programs/long-app.mjs', import.meta.url), 'utf8')
const certificate = (name: string) =>
  fileURLToPath(new URL(`../support/certificate/${name}`, import.meta.url))
const FILES = { certificate: certificate('test.crt'), key: certificate('test.key'), errorPage: undefined }
const DRAIN_MS = 8_000

const argv = (release: string) => ['node', '--input-type=module', '-e', APP, release]

let lab: NginxLab
let proxy: ProxyPort
let tlsPort: number
let origins: string[]
let generation = 1
beforeAll(async () => {
  lab = await createNginxLab()
  tlsPort = await freePort()
  origins = [`http://127.0.0.1:${lab.port}`, `https://127.0.0.1:${tlsPort}`]
  proxy = lab.anotherProxy({ files: FILES })
  const image = imageFromSetup('NODE_IMAGE')
  const listen = [lab.port, tlsPort]
  const first = await site('blue', { ports: await proxy.ports(listen) })
  await Promise.all([
    proxy.ensure(() => first, { listen, recreate: false }).then(() => proxy.join([lab.network])),
    lab.start('blue', { image, argv: argv('1') }),
    lab.start('green', { image, argv: argv('2') }),
  ])
  await until(async () => (await call(origins[0] ?? '')) === '1')
})
afterAll(async () => await lab.remove())

test('calls lose nothing at a switch, which is one instant for them; streams go on where they began', async () => {
  let done = false
  const traffic = origins.map((origin) =>
    runH2Traffic({
      origin,
      sessions: 3,
      streams: 5,
      path: '/shop.Orders/Get',
      protocol: 'grpc',
      stop: () => done,
    }),
  )
  const whole = origins.map((origin) => openGrpcStream(origin, '/shop.Orders/Watch', 5_000))
  const endless = origins.map((origin) => openGrpcStream(origin, '/shop.Orders/Watch', 600_000))
  await until(() => [...whole, ...endless].every((each) => each.messages().length > 2))
  const switchedAtMs = performance.now()
  for (const color of ['green', 'blue', 'green'] as const) {
    await install(color)
    await until(() => whole.every((each) => each.endedAtMs()))
    await sleep(APART_MS)
  }
  for (const each of whole) {
    expect(each.status()).toBe('0')
    expect(each.messages()).toEqual(Array.from({ length: 50 }, () => '1'))
  }
  await until(() => endless.every((each) => each.endedAtMs()), { timeoutMs: 30_000 })
  done = true
  const reports = await Promise.all(traffic)
  for (const each of endless) {
    expect((each.endedAtMs() ?? 0) - switchedAtMs).toBeGreaterThan(DRAIN_MS - 500)
    expect(new Set(each.messages())).toEqual(new Set(['1']))
  }
  expect(reports.flatMap((report) => report.failures)).toEqual([])
  for (const { answers } of reports) expect(answers.length).toBeGreaterThan(300)
  const overlaps = overlapsOf(reports.flatMap((report) => report.answers))
  expect(overlaps).toHaveLength(3)
  expect(median(overlaps)).toBeLessThan(25 - HANDLED_IN_MS)
}, 120_000)

test('one color may speak gRPC where the other speaks HTTP', async () => {
  const http = routes({ port: 3000 })
  const green = { release: 'green-2', routes: routes({ port: 3001, protocol: 'grpc' }) }
  const colors = { blue: { release: 'blue-1', routes: http }, green }
  await install('blue', { colors })
  // Other tables: old workers, which nginx lets accept for a moment more, do not follow the marks.
  const answering = async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).headers.get('x-version')
  await until(async () => (await answering()) === '1')
  const preview = (await proxy.ports([lab.port])).previews[lab.port] ?? 0
  await until(async () => (await call(`http://127.0.0.1:${preview}`)) === '2')
  await install('green', { colors })
  for (const origin of origins) expect(await call(origin)).toBe('2')
})

test('a container that is somewhere else by now is found by its name, within the same call', async () => {
  await install('green')
  for (const origin of origins) expect(await call(origin)).toBe('2')
  const container = `${lab.app}-green-web`
  const alias = upstreamHost('web', 'green', lab.app)
  // nginx looks names up once a second: most of these find an address that is nobody's any more.
  for (let moves = 0; moves < 5; moves++) {
    await must('docker', ['network', 'disconnect', lab.network, container])
    await must('docker', ['network', 'connect', '--alias', alias, lab.network, container])
    for (const origin of origins) expect(await call(origin)).toBe('2')
  }
})

/** The release that answers one call. */
async function call(origin: string): Promise<string | undefined> {
  const answer = openGrpcStream(origin, '/shop.Orders/Get', 0)
  await until(() => answer.endedAtMs())
  return answer.messages()[0]
}

function routes(change: Partial<Route>): Route[] {
  return [lab.route(change), lab.route({ ...change, listen: tlsPort })]
}

async function site(color: 'blue' | 'green', facts: Partial<SiteFacts> = {}) {
  const both = routes({ port: 3001, protocol: 'grpc' })
  return await lab.site(generation, color, {
    colors: { blue: { release: 'blue-1', routes: both }, green: { release: 'green-2', routes: both } },
    ports: await proxy.ports([lab.port, tlsPort]),
    drainTimeoutMs: DRAIN_MS,
    delivery: { ...PLAIN_DELIVERY, tls: { listen: tlsPort, redirect: false, hsts: false } },
    ...facts,
  })
}

async function install(color: 'blue' | 'green', facts: Partial<SiteFacts> = {}): Promise<void> {
  generation += 1
  await moveTo(proxy, await site(color, facts))
}
