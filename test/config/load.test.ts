import { describe, expect, test } from 'vitest'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { load } from './load-fixture.ts'

const DEFAULT_SETTINGS: Settings = {
  app: 'shop',
  projectDir: '/srv/shop',
  composeFiles: [],
  deploymentDir: '/srv/shop/deployments',
  rollbackLimit: 5,
  autoSwitch: false,
  autoCleanup: false,
  health: { timeoutMs: 60_000, intervalMs: 2_000, successes: 1, check: undefined },
  services: {},
  migrate: undefined,
  hooks: {},
  routes: [],
  smoke: [],
  drainTimeoutMs: 30_000,
  delivery: PLAIN_DELIVERY,
  deliveryFiles: { certificate: undefined, key: undefined, errorPage: undefined },
  watchMs: 0,
  probe: true,
  proxy: {
    image: 'nginx:stable-alpine',
    previewPort: undefined,
    managementPort: undefined,
    maintenancePage: undefined,
  },
  templatesDir: undefined,
}

const CHECK = {
  path: '/',
  statuses: [[200, 399]],
  body: undefined,
  headers: {},
  requestTimeoutMs: 5_000,
} as const

const ROUTE = { listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }

describe('defaults', () => {
  test('a folder with a compose file is enough', async () => {
    const { settings, file } = await load({})
    expect(settings).toEqual(DEFAULT_SETTINGS)
    expect(file).toBeUndefined()
  })

  test.each(['', '# nothing\n', '---\n', '{}'])(
    'an upgrade.yaml that says nothing (%j) changes nothing',
    async (yaml) => {
      const { settings, file } = await load({ yaml })
      expect(settings).toEqual(DEFAULT_SETTINGS)
      expect(file).toBe('/srv/shop/upgrade.yaml')
    },
  )
})

describe('every key of upgrade.yaml', () => {
  test.each<[string, Partial<Settings>]>([
    ['app: books', { app: 'books' }],
    ['compose: compose.yaml', { composeFiles: ['/srv/shop/compose.yaml'] }],
    [
      'compose: [a/c.yaml, compose.yaml]',
      {
        composeFiles: ['/srv/shop/a/c.yaml', '/srv/shop/compose.yaml'],
        projectDir: '/srv/shop/a',
        deploymentDir: '/srv/shop/a/deployments',
        app: 'a',
      },
    ],
    ['deployments: ../records', { deploymentDir: '/srv/records' }],
    ['deployments: /var/records', { deploymentDir: '/var/records' }],
    ['rollback_limit: 1', { rollbackLimit: 1 }],
    ['auto_switch: true', { autoSwitch: true }],
    ['auto_cleanup: true', { autoCleanup: true }],
    ['probe: false', { probe: false }],
    ['health: {timeout: 90}', { health: { ...DEFAULT_SETTINGS.health, timeoutMs: 90_000 } }],
    ['health: {interval: 500ms}', { health: { ...DEFAULT_SETTINGS.health, intervalMs: 500 } }],
    ['health: {successes: 3}', { health: { ...DEFAULT_SETTINGS.health, successes: 3 } }],
    ['health: {request_timeout: 1}', {}],
    ['health: {path: /up}', { health: { ...DEFAULT_SETTINGS.health, check: { ...CHECK, path: '/up' } } }],
    [
      'health: {status: any}',
      { health: { ...DEFAULT_SETTINGS.health, check: { ...CHECK, statuses: undefined } } },
    ],
    [
      'health: {status: 204}',
      { health: { ...DEFAULT_SETTINGS.health, check: { ...CHECK, statuses: [[204, 204]] } } },
    ],
    [
      'health: {status: [200, 300-302]}',
      {
        health: {
          ...DEFAULT_SETTINGS.health,
          check: {
            ...CHECK,
            statuses: [
              [200, 200],
              [300, 302],
            ],
          },
        },
      },
    ],
    ['health: {body: "^ok"}', { health: { ...DEFAULT_SETTINGS.health, check: { ...CHECK, body: '^ok' } } }],
    [
      'health: {headers: {Host: a.b}, request_timeout: 1}',
      {
        health: {
          ...DEFAULT_SETTINGS.health,
          check: { ...CHECK, headers: { Host: 'a.b' }, requestTimeoutMs: 1_000 },
        },
      },
    ],
    [
      'services: {a: {quiet: {signal: TSTP, wait: 2}}, b: {quiet: {command: [bin/quiet]}}}',
      {
        services: {
          a: {
            class: undefined,
            check: undefined,
            quiet: { by: 'signal', signal: 'SIGTSTP', waitMs: 2_000 },
          },
          b: {
            class: undefined,
            check: undefined,
            quiet: { by: 'command', command: ['bin/quiet'], waitMs: 10_000 },
          },
        },
      },
    ],
    [
      'hooks: {pre_deploy: {command: [./x, "a b"], service: web, timeout: 2m}, post_switch: {command: [y], rollback: true}}',
      {
        hooks: {
          pre_deploy: { command: ['./x', 'a b'], service: 'web', timeoutMs: 120_000, rollsBack: false },
          post_switch: { command: ['y'], service: undefined, timeoutMs: 60_000, rollsBack: true },
        },
      },
    ],
    [
      'services: {db: {class: shared}}',
      { services: { db: { class: 'shared', check: undefined, quiet: undefined } } },
    ],
    [
      'services: {web: {health: {path: /up, request_timeout: 2}}}',
      {
        services: {
          web: {
            class: undefined,
            check: { ...CHECK, path: '/up', requestTimeoutMs: 2_000 },
            quiet: undefined,
          },
        },
      },
    ],
    ['routes: [{listen: 80, service: web, port: 3000}]', { routes: [ROUTE] }],
    ['routes: [{listen: 80, service: web, port: 3000, protocol: http}]', { routes: [ROUTE] }],
    [
      'routes: [{listen: 80, service: web, port: 3000, protocol: grpc}]',
      { routes: [{ ...ROUTE, protocol: 'grpc' }] },
    ],
    [
      'routes: [{listen: 80, host: "*.a.de", path: /api, service: web, port: 3000}]',
      { routes: [{ ...ROUTE, host: '*.a.de', path: '/api' }] },
    ],
    ['smoke: [{path: /login?next=%2F}]', { smoke: [{ ...CHECK, path: '/login?next=%2F' }] }],
    ['drain: 2m', { drainTimeoutMs: 120_000 }],
    ['watch: 1.5', { watchMs: 1_500 }],
    ['proxy: {image: "nginx:1.30"}', { proxy: { ...DEFAULT_SETTINGS.proxy, image: 'nginx:1.30' } }],
    ['proxy: {preview_port: 8081}', { proxy: { ...DEFAULT_SETTINGS.proxy, previewPort: 8081 } }],
    ['proxy: {management_port: 8089}', { proxy: { ...DEFAULT_SETTINGS.proxy, managementPort: 8089 } }],
    ['templates: nginx', { templatesDir: '/srv/shop/nginx' }],
  ])('%s', async (yaml, changed) => {
    const { settings } = await load({ yaml, files: { '/srv/shop/a/c.yaml': 'services: {}' } })
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, ...changed })
  })

  test("a check without its own request timeout has health's", async () => {
    const { settings } = await load({ yaml: 'health: {request_timeout: 9}\nsmoke: [{path: /}]\n' })
    expect(settings.smoke).toEqual([{ ...CHECK, requestTimeoutMs: 9_000 }])
  })

  test('anchors and merge keys hold', async () => {
    const yaml = 'health: &check {path: /up}\nservices: {web: {health: {<<: *check, status: 200}}}\n'
    const { settings } = await load({ yaml })
    expect(settings.services.web?.check).toEqual({ ...CHECK, path: '/up', statuses: [[200, 200]] })
  })
})

describe('every name of the environment', () => {
  test.each<[string, string, Partial<Settings>]>([
    ['DEPLOYMENT_DIR', 'records', { deploymentDir: '/srv/shop/records' }],
    ['ROLLBACK_LIMIT', '9', { rollbackLimit: 9 }],
    ['HEALTH_CHECK_TIMEOUT', '90', { health: { ...DEFAULT_SETTINGS.health, timeoutMs: 90_000 } }],
    ['HEALTH_CHECK_INTERVAL', '500ms', { health: { ...DEFAULT_SETTINGS.health, intervalMs: 500 } }],
    ['AUTO_SWITCH', 'yes', { autoSwitch: true }],
    ['AUTO_SWITCH', 'False', {}],
    ['AUTO_CLEANUP', '1', { autoCleanup: true }],
    ['AUTO_CLEANUP', '', {}],
    [
      'PROXY_IMAGE',
      'my/nginx@sha256:abc',
      { proxy: { ...DEFAULT_SETTINGS.proxy, image: 'my/nginx@sha256:abc' } },
    ],
    ['PREVIEW_PORT', '8081', { proxy: { ...DEFAULT_SETTINGS.proxy, previewPort: 8081 } }],
    ['MANAGEMENT_PORT', '8089', { proxy: { ...DEFAULT_SETTINGS.proxy, managementPort: 8089 } }],
    ['COMPOSE_FILE', 'compose.yaml', { composeFiles: ['/srv/shop/compose.yaml'] }],
    ['COMPOSE_PROJECT_NAME', 'books', { app: 'books' }],
  ])('%s=%s', async (name, value, changed) => {
    const { settings } = await load({ environment: { [name]: value } })
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, ...changed })
  })
})

describe('precedence', () => {
  const yaml = 'app: file\nhealth: {timeout: 1m}\nauto_switch: true\ndeployments: records\n'
  const environment = { HEALTH_CHECK_TIMEOUT: '80', AUTO_SWITCH: 'no', DEPLOYMENT_DIR: 'other' }
  const flags = { app: 'flag', timeout: '2m', autoSwitch: true, deployments: 'typed' }

  test('the environment wins over upgrade.yaml', async () => {
    const { settings, origins } = await load({ yaml, environment })
    expect(settings).toMatchObject({ app: 'file', autoSwitch: false, health: { timeoutMs: 80_000 } })
    expect(settings.deploymentDir).toBe('/srv/shop/other')
    expect(origins).toMatchObject({
      app: { from: 'file', file: '/srv/shop/upgrade.yaml', line: 1 },
      'health.timeout': { from: 'environment', name: 'HEALTH_CHECK_TIMEOUT' },
    })
  })

  test('flags win over the environment, and their folders are relative to where they were typed', async () => {
    const { settings, origins } = await load({ yaml, environment, flags, cwd: '/srv/shop/src' })
    expect(settings).toMatchObject({ app: 'flag', autoSwitch: true, health: { timeoutMs: 120_000 } })
    expect(settings.deploymentDir).toBe('/srv/shop/src/typed')
    expect(origins['health.timeout']).toEqual({ from: 'flag', name: '--timeout' })
  })

  test('`app` of upgrade.yaml wins over COMPOSE_PROJECT_NAME', async () => {
    const { settings } = await load({ yaml, environment: { COMPOSE_PROJECT_NAME: 'books' } })
    expect(settings.app).toBe('file')
  })

  test('a timeout below the default interval shortens the interval that nobody set', async () => {
    const { settings } = await load({ flags: { timeout: '1' } })
    expect(settings.health).toMatchObject({ timeoutMs: 1_000, intervalMs: 1_000 })
  })

  test('the line of a setting deep in the file is known', async () => {
    const { origins } = await load({ yaml: 'routes:\n  - listen: 80\n    service: web\n    port: 3000\n' })
    expect(origins['routes[0].port']).toEqual({ from: 'file', file: '/srv/shop/upgrade.yaml', line: 4 })
  })
})

describe('where the project is', () => {
  test('commands work in a folder below the compose file', async () => {
    const { settings, file } = await load({ yaml: 'app: books', cwd: '/srv/shop/src/deep' })
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, app: 'books' })
    expect(file).toBe('/srv/shop/upgrade.yaml')
  })

  test('an upgrade.yaml above the folder of the compose file is not taken', async () => {
    const { file } = await load({ files: { '/srv/upgrade.yaml': 'app: other' } })
    expect(file).toBeUndefined()
  })

  test('--config names another upgrade.yaml, whose paths are relative to it', async () => {
    const files = { '/etc/up/live.yaml': 'compose: c.yaml\ntemplates: t\n', '/etc/up/c.yaml': 'name: live\n' }
    const { settings } = await load({ files, flags: { config: '../../etc/up/live.yaml' } })
    expect(settings).toMatchObject({ app: 'live', projectDir: '/etc/up', templatesDir: '/etc/up/t' })
  })

  test('COMPOSE_FILE of the .env file counts', async () => {
    const files = { '/srv/shop/.env': 'COMPOSE_FILE=live.yaml\n', '/srv/shop/live.yaml': 'name: live\n' }
    const { settings, origins } = await load({ files })
    expect(settings).toMatchObject({ app: 'live', composeFiles: ['/srv/shop/live.yaml'] })
    expect(origins.compose).toEqual({ from: 'file', file: '/srv/shop/.env', line: 1 })
  })
})
