import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Proxy as ProxyPort } from '../../src/app/ports/proxy.ts'
import type { SiteFacts } from '../../src/domain/build-site.ts'
import { type Color, otherColor } from '../../src/domain/color.ts'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import { imageFromSetup } from '../support/apps.ts'
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

let lab: NginxLab
let proxy: ProxyPort
let tlsPort: number
let generation = 1
beforeAll(async () => {
  lab = await createNginxLab()
  tlsPort = await freePort()
  proxy = lab.anotherProxy({ files: FILES })
  const image = imageFromSetup('NODE_IMAGE')
  const argv = (release: string) => ['node', '--input-type=module', '-e', APP, release]
  const listen = [lab.port, tlsPort]
  const first = await site('blue', { ports: await proxy.ports(listen) })
  await Promise.all([
    proxy.ensure(() => first, { listen, recreate: false }).then(() => proxy.join([lab.network])),
    lab.start('blue', { image, argv: argv('1') }),
    lab.start('green', { image, argv: argv('2') }),
  ])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
})
afterAll(async () => await lab.remove())

test.each([
  ['without TLS', () => `http://127.0.0.1:${lab.port}`],
  ['with TLS', () => `https://127.0.0.1:${tlsPort}`],
])(
  'HTTP/2 clients %s lose nothing at a switch, one instant for all, with requests in flight on every connection',
  async (_, origin) => {
    let done = false
    const traffic = runH2Traffic({
      origin: origin(),
      sessions: 4,
      streams: 5,
      path: `/?ms=${HANDLED_IN_MS}`,
      stop: () => done,
    })
    for (const color of ['green', 'blue', 'green', 'blue'] as const) {
      await install(color)
      await until(async () => (await drained(otherColor(color))) || undefined, { timeoutMs: 20_000 })
      await sleep(APART_MS)
    }
    done = true
    const { answers, failures, ok } = await traffic
    expect(failures).toEqual([])
    expect(ok).toBeGreaterThan(300)
    const overlaps = overlapsOf(answers)
    expect(overlaps).toHaveLength(4)
    expect(median(overlaps)).toBeLessThan(25 - HANDLED_IN_MS)
  },
  120_000,
)

test('a port that speaks HTTP/2 speaks HTTP/1.1, too', async () => {
  expect((await fetch(`http://127.0.0.1:${lab.port}/`)).status).toBe(200)
  expect(await must('curl', ['-sk', '--http1.1', `https://127.0.0.1:${tlsPort}/`])).toBe('0\n')
})

test('users are sent to the TLS port, told to stay there, and served with the certificate as it is now', async () => {
  const tls = { listen: tlsPort, redirect: true, hsts: true }
  await install('blue', { delivery: { ...PLAIN_DELIVERY, tls } })
  const sent = await must('curl', ['-sI', `http://127.0.0.1:${lab.port}/a?b=c`])
  expect(sent).toContain('HTTP/1.1 308')
  expect(sent).toContain(`Location: https://127.0.0.1:${tlsPort}/a?b=c\r`)
  const head = await must('curl', ['-skvI', `https://127.0.0.1:${tlsPort}/`])
  expect(head).toMatch(/strict-transport-security: max-age=31536000/i)
  const old = await must('curl', ['-sk', '-w', '%{certs}', `https://127.0.0.1:${tlsPort}/`])
  proxy = lab.anotherProxy({
    files: { ...FILES, certificate: certificate('renewed.crt'), key: certificate('renewed.key') },
  })
  await install('blue', { delivery: { ...PLAIN_DELIVERY, tls } })
  await until(async () => {
    const renewed = await must('curl', ['-sk', '-w', '%{certs}', `https://127.0.0.1:${tlsPort}/`])
    return renewed !== old && renewed.includes('renewed')
  })
  const path = `/etc/verdigris/sites/${lab.app}/current/`
  const modes = ['stat', '-c', '%a %U', `${path}tls.key`, `${path}tls.crt`]
  expect(await must('docker', ['exec', `${lab.app}-proxy-nginx-1`, ...modes])).toBe('600 root\n600 root\n')
  proxy = lab.anotherProxy({ files: FILES })
}, 60_000)

test('old TLS is refused', async () => {
  const asked = must('curl', ['-sk', '--tls-max', '1.1', `https://127.0.0.1:${tlsPort}/`])
  await expect(asked).rejects.toThrow(/ended with code 35/)
})

async function site(color: 'blue' | 'green', facts: Partial<SiteFacts> = {}) {
  const routes = [lab.route(), lab.route({ listen: tlsPort })]
  return await lab.site(generation, color, {
    colors: { blue: { release: 'blue-1', routes }, green: { release: 'green-2', routes } },
    ports: await proxy.ports([lab.port, tlsPort]),
    delivery: { ...PLAIN_DELIVERY, tls: { listen: tlsPort, redirect: false, hsts: false } },
    ...facts,
  })
}

async function install(color: 'blue' | 'green', facts: Partial<SiteFacts> = {}): Promise<void> {
  generation += 1
  await moveTo(proxy, await site(color, facts))
}

async function drained(color: Color): Promise<boolean> {
  return (await proxy.draining(color)) === 0
}
