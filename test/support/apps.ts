import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { testAppImage } from './setup/images.ts'

export interface WebAppOptions {
  /** `1` or `2`: the app answers with it, in its text and in X-Version. */
  version: string
  /** For example `{ BROKEN: 'never' }` or `{ START_DELAY_MS: '2000' }`. */
  environment?: Record<string, string>
  /** How often Docker looks whether it is healthy, a process in its container each time; `1s`. */
  checkEvery?: string
}

/** A compose file with one web service, ready within two seconds unless it is looked at less often. */
export function webApp({ checkEvery = httpCheck.interval, ...options }: WebAppOptions): string {
  const healthcheck = { ...httpCheck, interval: checkEvery }
  return stringify({ services: { web: { ...web(options), healthcheck } } })
}

/** The same without a healthcheck: docker calls it up as soon as it runs. */
export function webWithoutHealthcheck(options: WebAppOptions): string {
  return stringify({ services: { web: web(options) } })
}

/** The same behind a job that ends once a file `gate/open` is there: until then a run stays at the step jobs. */
export function webBehindGate(options: WebAppOptions): string {
  const waits = ['sh', '-c', 'until [ -e /gate/open ]; do sleep 0.1; done']
  return stringify({
    services: {
      web: { ...web(options), depends_on: { gate: { condition: 'service_completed_successfully' } } },
      gate: {
        image: testAppImage(options.version),
        restart: 'no',
        entrypoint: waits,
        volumes: ['./gate:/gate:ro'],
        stop_grace_period: '1s',
      },
    },
  })
}

/** A web service and the redis it counts visits in, at /count; redis keeps them in a named volume. */
export function webWithRedis({
  version,
  environment,
  redisFlags,
}: WebAppOptions & { redisFlags?: string[] }): string {
  const service = web({ version, environment: { REDIS_HOST: 'redis', ...environment } })
  return stringify({
    services: {
      web: { ...service, healthcheck: httpCheck, depends_on: { redis: { condition: 'service_healthy' } } },
      redis: redis(redisFlags),
    },
    volumes: { 'redis-data': {} },
  })
}

/** The programs that `shop` runs from its folder. */
export const SHOP_FILES = Object.fromEntries(
  ['redis.mjs', 'migrate.mjs', 'worker.mjs'].map((name) => [
    `programs/${name}`,
    readFileSync(new URL(`programs/${name}`, import.meta.url), 'utf8'),
  ]),
)

/**
 * One service of each class: web, redis, a migration that web waits for, and a worker that must never run twice
 * (`services: {worker: {class: singleton}}` says so in upgrade.yaml). redis keeps `migrations`, the number of runs,
 * `work:<version>`, what the worker of a release did, and `twice`, how often a worker met another. Needs SHOP_FILES.
 */
export function shop({ version, environment }: WebAppOptions): string {
  const own = { ...web({ version, environment: { REDIS_HOST: 'redis', ...environment } }) }
  const { ports, ...unpublished } = own
  const program = (name: string) => ({
    ...unpublished,
    command: ['node', `/programs/${name}`],
    volumes: ['./programs:/programs:ro'],
    depends_on: { redis: { condition: 'service_healthy' } },
  })
  return stringify({
    services: {
      web: {
        ...own,
        healthcheck: httpCheck,
        depends_on: {
          redis: { condition: 'service_healthy' },
          migrate: { condition: 'service_completed_successfully' },
        },
      },
      migrate: { ...program('migrate.mjs'), restart: 'no' },
      worker: program('worker.mjs'),
      redis: redis(),
    },
    volumes: { 'redis-data': {} },
  })
}

function redis(flags: string[] = []) {
  return {
    image: imageFromSetup('REDIS_IMAGE'),
    command: ['redis-server', '--appendonly', 'yes', ...flags],
    volumes: ['redis-data:/data'],
    healthcheck: { test: ['CMD', 'redis-cli', 'ping'], interval: '1s', timeout: '2s', retries: 10 },
  }
}

/** A healthcheck for what answers at /up. */
export const httpCheck = {
  test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:3000/up'],
  interval: '1s',
  timeout: '2s',
  retries: 5,
}

function web({ version, environment }: WebAppOptions) {
  return { image: testAppImage(version), ports: ['__PORT__:3000'], ...(environment && { environment }) }
}

/** The name of an image that the set-up chose. */
export function imageFromSetup(
  name: 'PROXY_IMAGE' | 'NODE_IMAGE' | 'REDIS_IMAGE' | 'POSTGRES_IMAGE',
): string {
  const image = process.env[name]
  if (!image) throw new Error(`${name} is not set: the set-up, test/support/setup/vitest.ts, has not run.`)
  return image
}
