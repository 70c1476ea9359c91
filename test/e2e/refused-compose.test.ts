import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { webApp } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import type { Ran } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { removeProjects } from '../support/sweep.ts'

const IMAGE = testAppImage('1')

/** What happened, where it stands, what users saw, what to do next. */
function expectRefused(ran: Ran, { code, says }: { code: number; says: RegExp[] }): void {
  for (const pattern of says) expect(ran.stderr).toMatch(pattern)
  expect(ran.stderr).toMatch(/^✖ /m)
  expect(ran.stderr).toMatch(/Nothing was changed|saw nothing|no user/i)
  expect(ran.stderr).toContain('→')
  expect(ran.stderr).not.toContain('Warning')
  expect(ran.code).toBe(code)
}

describe('a compose file', () => {
  let box: Sandbox
  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
  })
  afterAll(async () => {
    await box.remove()
  })

  const web = { image: IMAGE, ports: ['__PORT__:3000'] }
  const pg = { image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data'] }
  test.each<[string, object, RegExp[]]>([
    [
      'with a circle in depends_on',
      { web: { ...web, depends_on: ['api'] }, api: { image: IMAGE, depends_on: ['web'] } },
      [/cycle/, /compose\.yaml:\d+:\d+/, /\^/],
    ],
    [
      'with two services on one port',
      { web, api: { image: IMAGE, ports: ['__PORT__:80'] } },
      [/Port\s+\d+\s+leads\s+to\s+`web`\s+and\s+to\s+`api`/, /compose\.yaml:\d+:\d+/, /another port/],
    ],
    [
      'with a route and a shared service on one port',
      { web, db: { image: 'postgres', ports: ['__PORT__:5432'] } },
      [/`db` publishes\s+port\s+\d+,\s+which\s+leads\s+to\s+`web`\s+already/, /compose\.yaml:\d+:\d+/],
    ],
    [
      'with a data volume of two databases',
      { web, one: pg, two: pg },
      [/`two` keeps its data in\s+`data`, where `one`/, /compose\.yaml:\d+:\d+/, /:ro/],
    ],
  ])('%s is refused with 3, its place and what to write instead', async (_title, services, says) => {
    box.write(
      'compose.yaml',
      stringify({ services, volumes: { data: {} } }, { aliasDuplicateObjects: false }),
    )
    for (const command of ['plan', 'perform']) expectRefused(await box.upgrade([command]), { code: 3, says })
  })

  test('of two megabytes is planned, and what is wrong at its end is found', async () => {
    const padding = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`KEY_${index}`, 'x'.repeat(1_000)]),
    )
    const services = { web: { ...web, environment: padding } }
    box.write('compose.yaml', stringify({ services }))
    expect(box.read('compose.yaml').length).toBeGreaterThan(2_000_000)
    await succeed(box, ['plan'])
    box.write(
      'compose.yaml',
      stringify({ services: { ...services, bad: { image: IMAGE, pid: 'container:x' } } }),
    )
    expectRefused(await box.upgrade(['plan']), {
      code: 3,
      says: [/compose\.yaml:20\d\d:5/, /pid: service:NAME/],
    })
  })

  test('of two hundred services is planned in seconds, and all that is wrong in it told at once', async () => {
    const many = Array.from({ length: 199 }, (_, index) => [
      `s${index}`,
      { image: IMAGE, depends_on: ['web'] },
    ])
    box.write('compose.yaml', stringify({ services: { web, ...Object.fromEntries(many) } }))
    const planned = await succeed(box, ['plan'])
    expect(planned.stderr).toBe('')
    expect(planned.durationMs).toBeLessThan(20_000)
    const wrong = many.map(([name, service]) => [name, { ...(service as object), network_mode: 'host' }])
    box.write('compose.yaml', stringify({ services: { web, ...Object.fromEntries(wrong) } }))
    const ran = await box.upgrade(['plan'])
    expectRefused(ran, { code: 3, says: [/199 things/] })
    expect(ran.stderr.match(/compose\.yaml:\d+:\d+/g)).toHaveLength(199)
    expect(ran.durationMs).toBeLessThan(20_000)
  })

  test.each(['shop-blue', 'shop-green', 'shop-proxy'])(
    'of an app named %s is refused with 3',
    async (app) => {
      box.write('compose.yaml', stringify({ services: { web } }))
      const ran = await box.upgrade(['plan'], { env: { COMPOSE_PROJECT_NAME: app } })
      expect(ran.stderr).toMatch(/-(blue|green|proxy)/)
      expect(ran.stderr).toContain('→')
      expect(ran.code).toBe(3)
    },
  )
})

describe('services of any name that Compose takes', () => {
  let box: Sandbox
  beforeAll(async () => {
    const service = (port: number) => ({ image: IMAGE, ports: [`${port}:3000`], stop_signal: 'SIGKILL' })
    box = await createSandbox()
    const first = service(box.port)
    box.write(
      'compose.yaml',
      stringify({
        services: {
          'Web_1.x': { ...first, depends_on: ['web-1.X', 'constructor', 'a..b'] },
          'web-1.X': { image: IMAGE },
          constructor: { image: IMAGE },
          'a..b': { image: IMAGE },
        },
      }),
    )
  })
  afterAll(async () => {
    await box.remove()
  })

  test('are deployed, routed to and found by the names they have', async () => {
    await succeed(box, ['perform', '--auto-switch'])
    expect((await box.get('/')).status).toBe(200)
    const container = `${box.app}-blue-Web_1.x-1`
    for (const name of ['web-1.X', 'constructor', 'Web_1.x']) {
      const ask = ['exec', container, 'wget', '-q', '-O', '-', `http://${name}:3000/`]
      expect(await box.docker(ask)).toBe('hello from 1\n')
    }
  })
})

describe('a project of somebody else that bears one of the app’s names', () => {
  let box: Sandbox
  let other: Sandbox
  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    other = await createSandbox({
      compose: stringify({ services: { web: { image: IMAGE, stop_signal: 'SIGKILL' } } }),
    })
  })
  afterAll(async () => {
    for (const name of ['', '-blue', '-proxy'])
      await other.compose(['-p', `${box.app}${name}`, 'down', '-t', '0'])
    await removeProjects(other.app, [])
    await other.remove()
    await box.remove()
  })

  test.each(['', '-blue', '-proxy'])(
    '%j is refused with 5 by every command, and left as it is',
    async (ending) => {
      const project = `${box.app}${ending}`
      await other.compose(['-p', project, 'up', '-d'])
      const [container] = (await other.compose(['-p', project, 'ps', '-q'])).trim().split('\n')
      const says = [new RegExp(`bears the name ${project} already`), new RegExp(other.folder)]
      const commands = [['plan'], ['perform', '--auto-switch'], ['switch', 'blue'], ['rollback'], CLEANUP]
      for (const command of commands) expectRefused(await box.upgrade(command), { code: 5, says })
      expect((await other.compose(['-p', project, 'ps', '-q'])).trim()).toBe(container)
      await other.compose(['-p', project, 'down', '-t', '0'])
      rmSync(join(box.folder, 'deployments'), { recursive: true, force: true })
    },
  )
})

const CLEANUP = ['cleanup', 'blue', '--remove', '--yes']
