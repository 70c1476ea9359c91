import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { httpCheck } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { containerOf, containersOf, previewPort } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PICKY = readFileSync(new URL('../support/programs/picky.mjs', import.meta.url), 'utf8')
const HEALTH = {
  path: '/ready',
  status: 418,
  body: 'systems? go',
  headers: { 'X-Check': 'upgrade' },
  interval: '100ms',
  successes: 3,
}

/** An app whose image is built from its folder. */
function pickyApp(VERSION: string): string {
  return stringify({
    services: {
      web: {
        build: '.',
        image: 'verdigris.local/__APP__/own:latest',
        command: ['node', 'picky.mjs'],
        environment: { VERSION },
        ports: ['__PORT__:3000'],
      },
    },
  })
}

describe('a release must pass the checks of upgrade.yaml', () => {
  let box: Sandbox
  let traffic: Traffic

  const settings = (settings: Record<string, unknown>) => box.write('upgrade.yaml', stringify(settings))
  const greenIsGone = async () => expect(await containersOf(box, `${box.app}-green`)).toEqual([])
  const body = async (port = box.port) => (await box.get('/', { port })).body

  beforeAll(async () => {
    const Dockerfile = `FROM ${testAppImage('1')}\nCOPY picky.mjs ./\n`
    box = await createSandbox({ compose: pickyApp('1'), files: { 'picky.mjs': PICKY, Dockerfile } })
    settings({ health: HEALTH, smoke: [{ path: '/', body: 'from 1' }] })
    await succeed(box, ['perform', '--auto-switch'])
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    box.write('compose.yaml', pickyApp('2'))
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  test('one that passes them was asked as often as was wanted', async () => {
    const { id } = await containerOf(box, `${box.app}-blue`, 'web')
    const asked = (await box.docker(['logs', id])).split('\n').filter((line) => line.startsWith('asked'))
    expect(asked.length).toBeGreaterThanOrEqual(HEALTH.successes)
    expect(await body()).toBe('hello from 1\n')
  })

  test.each([
    ['status', { status: 200 }, /answered 418/],
    ['body', { body: 'no such words' }, /does not match no\s+such\s+words/],
    ['headers', { headers: {} }, /answered 403/],
  ])('one that fails by its %s is taken back, with the evidence', async (_, wrong, says) => {
    settings({ health: { ...HEALTH, ...wrong } })
    const ran = await expectCode(5, box, ['perform', '--auto-switch', '--timeout', '3'])
    expect(ran.stderr).toMatch(says)
    expect(ran.stderr).toMatch(/blue still serves/)
    await greenIsGone()
  })

  test('--skip-health prepares it all the same', async () => {
    await succeed(box, ['perform', '--skip-health', '--timeout', '1'])
    const port = await previewPort(box)
    await until(async () => (await body(port)) === 'hello from 2\n')
    expect(await body()).toBe('hello from 1\n')
    await succeed(box, ['cleanup', '--remove', '--yes'])
  })

  test('a smoke test that fails takes it back, with what it got', async () => {
    settings({ health: HEALTH, smoke: [{ path: '/' }, { path: '/shelf', body: 'books' }] })
    const ran = await expectCode(5, box, ['perform', '--auto-switch'])
    expect(ran.stderr).toMatch(/\/shelf/)
    expect(ran.stderr).toMatch(/does not\s+match\s+books/)
    await greenIsGone()
  })

  test('a health check of one service goes before the common one', async () => {
    settings({ health: { path: '/ready', status: 200 }, services: { web: { health: { path: '/' } } } })
    await succeed(box, ['perform', '--timeout', '5'])
    expect(await body(await previewPort(box))).toBe('hello from 2\n')
  })

  test('--no-build takes the image that is here, and a build makes it anew', async () => {
    box.write('picky.mjs', PICKY.replaceAll('hello from', 'good day from'))
    await succeed(box, ['perform', '--force', '--no-build', '--no-pull'])
    expect(await body(await previewPort(box))).toBe('hello from 2\n')
    await succeed(box, ['perform', '--auto-switch'])
    expect(await body()).toBe('good day from 2\n')
  })

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})

// Docker knows `start_interval` from version 25 on; Compose refuses it for an older engine.
test('a start_interval makes a color healthy long before its interval, or is refused in the words of Compose', async () => {
  const healthcheck = { ...httpCheck, interval: '90s', start_period: '90s', start_interval: '500ms' }
  const web = { image: testAppImage('1'), ports: ['__PORT__:3000'], healthcheck }
  const box = await createSandbox({ compose: stringify({ services: { web } }) })
  try {
    const version = await box.docker(['version', '--format', '{{.Server.Version}}'])
    if (Number.parseInt(version, 10) < 25) {
      const ran = await expectCode(5, box, ['perform', '--auto-switch'])
      expect(ran.stderr).toMatch(/start_interval[\s\S]*Docker Engine v25/)
      expect(ran.stderr).toMatch(/Users were not affected/)
    } else {
      await succeed(box, ['perform', '--auto-switch', '--timeout', '30'])
      const { id } = await containerOf(box, `${box.app}-blue`, 'web')
      const made = await box.docker(['inspect', '--format', '{{.Config.Healthcheck.StartInterval}}', id])
      expect(made.trim()).toBe('500ms')
      expect((await box.get('/')).body).toBe('hello from 1\n')
    }
  } finally {
    await box.remove()
  }
})
