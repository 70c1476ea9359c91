import { describe, expect, test } from 'vitest'
import type { ComposeService } from '../../../src/domain/compose-model.ts'
import { colorServiceOf, refusedPlaces, shop, splitOf } from '../models.ts'

const COMPLETED = { condition: 'service_completed_successfully', required: true }
const HEALTHY = { condition: 'service_healthy', required: true }

function webOf(web: ComposeService, wish: { images?: Record<string, string> } = {}) {
  return colorServiceOf('web', { model: shop({ web }), ...wish })
}

describe('a service of a color', () => {
  test('runs the image that is held for it, and asks no registry for it', () => {
    const tag = 'verdigris.local/shop/web:green-20260129-101530'
    const web = webOf(
      { image: 'web:latest', build: { context: '.' }, pull_policy: 'always' },
      { images: { web: tag } },
    )
    expect(web).toMatchObject({ image: tag, pull_policy: 'never' })
    expect(web).not.toHaveProperty('build')
  })

  test('without a held image keeps its own, by the name that the base project gave it', () => {
    expect(webOf({ image: 'web:1' }).image).toBe('web:1')
    expect(webOf({ build: { context: '.' } }).image).toBe('shop-web')
  })

  test('bears the labels of the tool beside its own', () => {
    expect(webOf({ image: 'web', labels: { mine: 'yes' } }).labels).toEqual({
      mine: 'yes',
      'verdigris.app': 'shop',
      'verdigris.color': 'green',
      'verdigris.release': 'green-20260129-101530',
      'verdigris.class': 'colored',
    })
  })

  test('loses what would collide: ports, container name, profiles', () => {
    const web = webOf({
      image: 'web',
      container_name: 'web',
      profiles: ['web'],
      ports: [{ target: 3000, published: '8080' }],
    })
    for (const key of ['ports', 'container_name', 'profiles']) expect(web).not.toHaveProperty(key)
  })

  test('exposes each routed port once, beside what it exposes by itself', () => {
    const ports = [
      { target: 3000, published: '8080' },
      { target: 80, published: '80' },
    ]
    expect(webOf({ ports, expose: ['3000', '9229'] }).expose).toEqual(['3000', '9229', '80'])
    expect(webOf({ image: 'web' })).not.toHaveProperty('expose')
  })

  test('that is a singleton is not started by Docker itself after it was stopped', () => {
    const restartOf = (name: string, restart: string) =>
      colorServiceOf(name, {
        model: shop({ web: { restart }, worker: { restart, labels: { 'verdigris.class': 'singleton' } } }),
      }).restart
    expect(restartOf('worker', 'always')).toBe('unless-stopped')
    expect(restartOf('worker', 'on-failure')).toBe('on-failure')
    expect(restartOf('web', 'always')).toBe('always')
  })

  test('keeps every other word of the compose file', () => {
    const other = {
      command: ['node', 'a$$b'],
      entrypoint: null,
      environment: { PASSWORD: 'pa$$word', UNSET: null },
      healthcheck: { test: ['CMD', 'true'] },
      deploy: { replicas: 3, resources: {} },
      stop_grace_period: '30s',
      hostname: 'web',
      mac_address: '02:42:ac:11:65:43',
      extra_hosts: ['a=host-gateway'],
      tmpfs: ['/tmp'],
      ulimits: { nofile: 1024 },
      'x-own': { kept: true },
    }
    expect(webOf({ image: 'web', ...other })).toMatchObject(other)
  })
})

describe('what a service waits for', () => {
  test('is only what `up` starts with it', () => {
    const model = shop({
      web: { depends_on: { api: HEALTHY, db: HEALTHY, migrate: COMPLETED, worker: HEALTHY } },
      api: { depends_on: { db: HEALTHY } },
      db: { image: 'postgres' },
      migrate: { depends_on: { db: HEALTHY } },
      worker: {},
    })
    const { services } = splitOf({ model, classes: { worker: 'singleton' } }).color
    expect(services.web?.depends_on).toEqual({ api: HEALTHY })
    expect(services.api).not.toHaveProperty('depends_on')
    expect(services.migrate).not.toHaveProperty('depends_on')
  })

  test('may be a singleton for a singleton', () => {
    const model = shop({ cron: { depends_on: { worker: HEALTHY, web: HEALTHY } }, worker: {}, web: {} })
    const classes = { cron: 'singleton', worker: 'singleton' } as const
    expect(colorServiceOf('cron', { model, classes }).depends_on).toEqual({ worker: HEALTHY, web: HEALTHY })
  })

  test('cannot be a color’s service for a job, which runs before', () => {
    const model = shop({
      web: { depends_on: { seed: COMPLETED } },
      seed: { depends_on: { api: HEALTHY } },
      api: {},
    })
    expect(refusedPlaces({ model })).toEqual(['services.seed.depends_on.api'])
  })

  test.each([
    ['depends_on', { depends_on: { web: HEALTHY } }, 'services.db.depends_on.web'],
    ['links', { links: ['web:front'], depends_on: { web: HEALTHY } }, 'services.db.links.web:front'],
    ['volumes_from', { volumes_from: ['web:ro'] }, 'services.db.volumes_from.web:ro'],
    [
      'network_mode',
      { network_mode: 'service:web', depends_on: { web: HEALTHY } },
      'services.db.network_mode',
    ],
    ['ipc', { ipc: 'service:web' }, 'services.db.ipc'],
    ['pid', { pid: 'service:web' }, 'services.db.pid'],
  ])('cannot be a color’s service for a shared one (%s)', (_key, needs, place) => {
    expect(refusedPlaces({ model: shop({ web: {}, db: { image: 'postgres', ...needs } }) })).toEqual([place])
  })

  test('may be missing where it is not required', () => {
    const wanted = { web: { condition: 'service_started', required: false } }
    expect(
      refusedPlaces({ model: shop({ web: {}, db: { image: 'postgres', depends_on: wanted } }) }),
    ).toEqual([])
  })
})

describe('singletons and jobs', () => {
  const model = shop({
    web: { depends_on: { seed: COMPLETED } },
    seed: { depends_on: { migrate: COMPLETED } },
    migrate: { profiles: ['tools'] },
    worker: {},
    cron: {},
  })
  const split = splitOf({ model, classes: { worker: 'singleton', cron: 'singleton' } })

  test('stand behind a profile, so that `up` does not start them', () => {
    expect(split.color.services.migrate?.profiles).toEqual(['verdigris-job'])
    expect(split.color.services.worker?.profiles).toEqual(['verdigris-singleton'])
    expect(split.color.services.web).not.toHaveProperty('profiles')
  })

  test('are listed, jobs in the order to run them in', () => {
    expect(split.jobs).toEqual(['migrate', 'seed'])
    expect(split.singletons).toEqual(['cron', 'worker'])
  })
})

describe('a port that no route takes over', () => {
  test.each([
    [
      'of a colored service',
      { web: { ports: [{ target: 9229, published: '9229' }] } },
      'services.web.ports.9229:9229',
    ],
    ['of a job', { job: { ports: [{ target: 1, published: '1' }] } }, 'services.job.ports.1:1'],
    ['that Docker picks', { web: { ports: [{ target: 3000 }] } }, 'services.web.ports.3000'],
  ])('%s is refused', (_title, services, place) => {
    expect(refusedPlaces({ model: shop(services), classes: { job: 'job' }, routes: [] })).toEqual([place])
  })

  test('is refused for UDP beside a routed TCP port of the same number', () => {
    const ports = [
      { target: 443, published: '443', protocol: 'tcp' },
      { target: 443, published: '443', protocol: 'udp' },
    ]
    const routes = [{ listen: 443, host: undefined, path: '/', service: 'web', port: 443 }]
    expect(refusedPlaces({ model: shop({ web: { ports } }), routes })).toEqual([
      'services.web.ports.443:443/udp',
    ])
  })

  test('is fine on a shared service, which runs once', () => {
    const model = shop({ db: { image: 'postgres', ports: [{ target: 5432, published: '5432' }] } })
    expect(refusedPlaces({ model })).toEqual([])
  })
})

test('a class label that names no class is refused', () => {
  const model = shop({ db: { image: 'own', labels: { 'verdigris.class': 'sharde' } } })
  expect(refusedPlaces({ model })).toEqual(['services.db.labels.verdigris.class'])
})
