import { readdirSync, readFileSync } from 'node:fs'
import { get, request } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageFromSetup } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { containersOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { freePort, until } from '../support/until.ts'

const EXAMPLE = new URL('../../examples/shop/', import.meta.url)
const CERTIFICATES = new URL('../support/certificate/', import.meta.url)
const PERFORM = ['perform', '--auto-switch']

describe('examples/shop, with everything a business has', () => {
  let box: Sandbox
  let tlsPort: number
  const traffic: { pages?: Traffic; orders?: Traffic } = {}

  beforeAll(async () => {
    tlsPort = await freePort()
    const files = readdirSync(EXAMPLE).map((name) => [name, readFileSync(new URL(name, EXAMPLE), 'utf8')])
    const certificate = ['crt', 'key'].map((end) => [
      `tls.${end}`,
      readFileSync(new URL(`test.${end}`, CERTIFICATES), 'utf8'),
    ])
    box = await createSandbox({
      files: Object.fromEntries([...files, ...certificate]),
      env: {
        BASE_IMAGE: imageFromSetup('NODE_IMAGE'),
        POSTGRES_PASSWORD: 'not-the-default',
      },
    })
    Object.assign(box.env, { PORT: String(box.port), SHOP_IMAGE: `verdigris.local/${box.app}/built` })
    box.write('upgrade.yaml', box.read('upgrade.yaml').replace('8443', String(tlsPort)))
    await perform('v1')
  })
  afterAll(async () => {
    await Promise.all(Object.values(traffic).map((each) => each.stop()))
    await box?.remove()
  })

  const perform = async (version: string) => {
    box.env.VERSION = version
    await succeed(box, PERFORM)
  }
  const ask = (path: string, upload?: string) => overTls({ port: tlsPort, path, upload })
  const sql = async (query: string) => {
    const [postgres] = (await containersOf(box, box.app)).filter(({ service }) => service === 'postgres')
    const psql = ['psql', '-U', 'postgres', '-tA', '-c', query]
    return (await box.docker(['exec', postgres?.id ?? '', ...psql])).trim()
  }
  const running = async (color: string) =>
    (await containersOf(box, `${box.app}-${color}`))
      .filter(({ state }) => state === 'running')
      .map(({ service }) => service)
      .sort()

  test('the first release serves over TLS, keeps orders and uploads, and works through its queue', async () => {
    expect(await ask('/')).toMatch(/^shop v1, visit \d+\n$/)
    expect((await box.get('/')).status).toBe(308)
    expect(await ask('/uploads/cat.txt', 'a cat')).toBe('kept\n')
    expect(await running('blue')).toEqual(['api', 'cron', 'web', 'web', 'worker'])
    const common = { port: tlsPort, tls: true, mode: 'keep-alive', maxMs: 500_000 } as const
    traffic.pages = startTraffic({ ...common, connections: 4 })
    traffic.orders = startTraffic({ ...common, connections: 2, path: '/orders', postShare: 1, paceMs: 20 })
    await until(async () => Number(await sql('SELECT count(*) FROM orders WHERE packed > 0')) > 10)
  })

  test('the second migrates once and takes worker and cron over', async () => {
    await perform('v2')
    expect(await ask('/')).toMatch(/^shop v2, /)
    expect(await sql('SELECT version FROM migrations')).toBe('v1\nv2')
    expect(await running('green')).toEqual(['api', 'cron', 'web', 'web', 'worker'])
    expect(await running('blue')).toEqual(['api', 'web', 'web'])
    expect(await ask('/uploads/cat.txt')).toBe('a cat')
  })

  test('a rollback hands them back and migrates nothing', async () => {
    await succeed(box, ['rollback'])
    expect(await ask('/')).toMatch(/^shop v1, /)
    expect(await ask('/uploads/cat.txt')).toBe('a cat')
    expect(await sql('SELECT version FROM migrations')).toBe('v1\nv2')
    expect(await running('blue')).toEqual(['api', 'cron', 'web', 'web', 'worker'])
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('no request failed, no order was lost or packed twice, and no worker met another', async () => {
    const { pages, orders } = traffic
    if (pages === undefined || orders === undefined) throw new Error('There was no traffic.')
    await expectNoneFailed(orders, { atLeast: 50 })
    await expectNoneFailed(pages)
    const { ok } = await orders.stop()
    expect(Number(await sql('SELECT count(*) FROM orders'))).toBe(ok)
    await until(async () => (await sql('SELECT count(*) FROM orders WHERE packed = 0')) === '0', {
      timeoutMs: 30_000,
    })
    expect(await sql('SELECT count(*) FROM orders WHERE packed > 1')).toBe('0')
    expect(await sql('SELECT what FROM accidents')).toBe('')
  })
})

/** One GET, or one PUT of what is to be kept; the test's own certificate is no authority's. */
function overTls({ port, path, upload }: { port: number; path: string; upload: string | undefined }) {
  return new Promise<string>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, agent: false, rejectUnauthorized: false } as const
    const asked = upload === undefined ? get(options) : request({ ...options, method: 'PUT' })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve(text))
    })
    asked.end(upload)
  })
}
