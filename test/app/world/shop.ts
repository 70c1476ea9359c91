import type { ComposeModel } from '../../../src/domain/compose-model.ts'
import { PLAIN_DELIVERY } from '../../../src/domain/delivery.ts'
import type { Settings } from '../../../src/domain/settings.ts'
import { APP, type World } from './world.ts'

export const DEPLOYMENTS = '/srv/shop/deployments'

/** The id of an image whose containers end as soon as they start. */
export const ENDS_AT_ONCE = 'sha256:ends-at-once'
/** The id of an image whose health check fails as soon as users come. */
export const FAILS_UNDER_USERS = 'sha256:fails-under-users'

/** An app with one service of each class: what users see, a worker, a migration, a database. */
function shopOf(image: string): ComposeModel {
  const service = { image, networks: { default: null }, restart: 'always' }
  return {
    name: APP,
    services: {
      db: {
        image: 'postgres:16',
        networks: { default: null },
        volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data' }],
      },
      migrate: { ...service, restart: 'no', depends_on: { db: { condition: 'service_started' } } },
      web: {
        ...service,
        ports: [{ target: 3000, published: '8080', protocol: 'tcp', mode: 'ingress' }],
        depends_on: {
          db: { condition: 'service_started' },
          migrate: { condition: 'service_completed_successfully' },
        },
      },
      worker: { ...service, depends_on: { db: { condition: 'service_started' } } },
    },
    networks: { default: { name: `${APP}_default` } },
    volumes: { data: { name: `${APP}_data` } },
  }
}

/** The machine before the first release. */
export function newWorld(): World {
  return {
    nowMs: Date.UTC(2026, 0, 29, 10),
    compose: shopOf('shop/web:1'),
    made: 0,
    containers: [],
    always: [],
    detached: [],
    networks: [],
    images: { 'postgres:16': 'sha256:postgres' },
    proxy: undefined,
    active: undefined,
    history: [],
    snapshots: {},
    journal: undefined,
    lock: undefined,
    freeze: undefined,
  }
}

/** The user writes another version into the compose file. */
export function publish(world: World, version: string, id = `sha256:${version}`): void {
  world.compose = shopOf(`shop/web:${version}`)
  world.images[`shop/web:${version}`] = id
}

export const SETTINGS: Settings = {
  app: APP,
  projectDir: '/srv/shop',
  composeFiles: [],
  deploymentDir: DEPLOYMENTS,
  rollbackLimit: 5,
  autoSwitch: true,
  autoCleanup: false,
  health: { timeoutMs: 1_000, intervalMs: 100, successes: 1, check: undefined },
  services: { worker: { class: 'singleton', check: undefined, quiet: undefined } },
  routes: [],
  smoke: [],
  drainTimeoutMs: 1_000,
  delivery: PLAIN_DELIVERY,
  deliveryFiles: { certificate: undefined, key: undefined, errorPage: undefined },
  watchMs: 200,
  probe: true,
  proxy: {
    image: 'nginx:1.30',
    previewPort: undefined,
    managementPort: undefined,
    maintenancePage: undefined,
  },
  templatesDir: undefined,
  migrate: undefined,
  hooks: {},
}
