import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classifyServices } from '../../src/domain/classify.ts'
import type { ComposeMount, ComposeService } from '../../src/domain/compose-model.ts'
import { anyModel, reversedKeys, shop } from './models.ts'

function classOf(service: ComposeService) {
  return classifyServices(shop({ it: service }), {})[0]
}

describe('an image of a database, cache or broker is shared', () => {
  test.each([
    ['postgres'],
    ['postgres:16-alpine'],
    ['postgres@sha256:0f0f'],
    ['postgres:16@sha256:0f0f'],
    ['docker.io/library/postgres:16'],
    ['localhost:5000/redis'],
    ['localhost:5000/redis:7'],
    ['verdigris.local/redis:7'],
    ['ghcr.io/acme/tools/mysql'],
    ['bitnami/postgresql:16'],
    ['bitnamilegacy/mongodb'],
    ['postgis/postgis:16-3.4'],
    ['timescale/timescaledb-ha:pg16'],
    ['pgvector/pgvector:pg16'],
    ['supabase/postgres'],
    ['mariadb:11'],
    ['percona/percona-server:8'],
    ['valkey/valkey:8'],
    ['eqalpha/keydb'],
    ['docker.dragonflydb.io/dragonflydb/dragonfly'],
    ['memcached:1.6'],
    ['rabbitmq:3-management'],
    ['nats:2'],
    ['apache/kafka:3.8.0'],
    ['confluentinc/cp-kafka'],
    ['zookeeper'],
    ['docker.elastic.co/elasticsearch/elasticsearch:8.15.0'],
    ['opensearchproject/opensearch'],
    ['clickhouse/clickhouse-server'],
    ['quay.io/minio/minio'],
    ['quay.io/coreos/etcd:v3.5'],
    ['cockroachdb/cockroach'],
    ['couchdb'],
    ['neo4j:5'],
    ['influxdb:2'],
    ['mcr.microsoft.com/mssql/server:2022-latest'],
    ['getmeili/meilisearch'],
    ['typesense/typesense'],
    ['qdrant/qdrant'],
  ])('%s', (image) => {
    expect(classOf({ image })).toEqual({
      name: 'it',
      class: 'shared',
      reason: { because: 'known-image', image },
    })
  })
})

describe('an image that only sounds like one is colored', () => {
  test.each([
    ['my-redis-client'],
    ['shop/postgres-exporter'],
    ['redis-commander'],
    ['postgres/app'],
    ['redis:5000/web'],
    ['edoburu/pgbouncer'],
    ['phpmyadmin'],
    ['mongo-express:1'],
    ['acme/server'],
    ['minio/mc'],
  ])('%s', (image) => {
    expect(classOf({ image })).toMatchObject({ class: 'colored', reason: { because: 'default' } })
  })
})

describe('a service that keeps its data in a volume', () => {
  const mounted = (mount: Partial<ComposeMount>) => {
    return classOf({ image: 'own', volumes: [{ type: 'volume', source: 'd', target: '/', ...mount }] })
  }

  test.each([
    ['/var/lib/postgresql/data'],
    ['/var/lib/postgresql'],
    ['/var/lib/postgresql/17/docker'],
    ['/var/lib/mysql/'],
    ['/data/db'],
    ['/var/lib/redis'],
    ['/var/lib/rabbitmq'],
    ['/var/lib/mongodb'],
    ['/bitnami/postgresql'],
    ['/usr/share/elasticsearch/data'],
    ['/prometheus'],
  ])('at %s is shared', (target) => {
    const reason = { because: 'data-volume', volume: 'd', target }
    expect(mounted({ target })).toEqual({ name: 'it', class: 'shared', reason })
  })

  test.each([
    ['/data', 'where redis keeps its data, and many an application its uploads'],
    ['/var/lib/mysql-files', 'which only begins like a data directory'],
    ['/bitnami/wordpress', 'which is an application'],
    ['/var/www/uploads', 'which is the application’s own'],
  ])('at %s, %s, is colored', (target) => {
    expect(mounted({ target })?.class).toBe('colored')
  })

  test('is shared with a folder of the host, too', () => {
    expect(mounted({ type: 'bind', source: '/srv/db', target: '/var/lib/mysql' })?.class).toBe('shared')
  })

  test('is colored when it only reads the data', () => {
    expect(mounted({ target: '/var/lib/mysql', read_only: true })?.class).toBe('colored')
  })

  test('is colored when the volume has no name: it is a new one each time', () => {
    const volumes = [{ type: 'volume', target: '/var/lib/mysql' }]
    expect(classOf({ image: 'own', volumes })?.class).toBe('colored')
  })
})

describe('a service that others wait for until it is done', () => {
  const waited = (service: ComposeService, condition = 'service_completed_successfully') => {
    const model = shop({
      web: { image: 'web', depends_on: { migrate: { condition } } },
      migrate: { image: 'web', ...service },
    })
    return classifyServices(model, {}).find((each) => each.name === 'migrate')
  }

  test.each([[undefined], ['no'], ['on-failure'], ['on-failure:3']])(
    'is a job with restart %s',
    (restart) => {
      expect(waited(restart === undefined ? {} : { restart })).toMatchObject({
        class: 'job',
        reason: { because: 'completes-for', dependents: ['web'] },
      })
    },
  )

  test.each([['always'], ['unless-stopped']])('is no job with restart %s: it never ends', (restart) => {
    expect(waited({ restart })?.class).toBe('colored')
  })

  test('is no job when they only wait for its start', () => {
    expect(waited({ restart: 'no' }, 'service_started')?.class).toBe('colored')
  })

  test('is a job with a database’s image, too: migrations run its client', () => {
    expect(waited({ restart: 'no', image: 'postgres:16' })?.class).toBe('job')
  })

  test('is shared when all who wait are', () => {
    const model = shop({
      db: { image: 'postgres', depends_on: { own: { condition: 'service_completed_successfully' } } },
      own: { image: 'busybox', depends_on: { first: { condition: 'service_completed_successfully' } } },
      first: { image: 'busybox' },
    })
    expect(classifyServices(model, {}).map((each) => each.class)).toEqual(['shared', 'shared', 'shared'])
  })
})

describe('what a person says wins', () => {
  test('configuration over the label, the image and the data volume', () => {
    const db = { image: 'postgres', labels: { 'verdigris.class': 'job' } }
    expect(classifyServices(shop({ db }), { db: 'colored' })).toEqual([
      { name: 'db', class: 'colored', reason: { because: 'configured' } },
    ])
  })

  test('the label over the image', () => {
    expect(classOf({ image: 'redis', labels: { 'verdigris.class': 'colored' } })).toMatchObject({
      class: 'colored',
      reason: { because: 'label' },
    })
  })

  test('a service that is named without a class goes by the rules', () => {
    expect(classifyServices(shop({ db: { image: 'redis' } }), { db: undefined })[0]?.class).toBe('shared')
  })
})

describe('the list of classes', () => {
  test('has jobs in the order to run them in', () => {
    const completed = { condition: 'service_completed_successfully' }
    const model = shop({
      web: { depends_on: { assets: completed, seed: completed } },
      assets: {},
      seed: { depends_on: { zmigrate: completed } },
      zmigrate: {},
    })
    expect(classifyServices(model, {}).map((each) => each.name)).toEqual([
      'assets',
      'zmigrate',
      'seed',
      'web',
    ])
  })

  test('ends for dependencies that go in a circle', () => {
    const model = shop({
      a: { depends_on: { b: { condition: 'service_completed_successfully' } } },
      b: { depends_on: { a: { condition: 'service_completed_successfully' } } },
    })
    expect(classifyServices(model, {})).toHaveLength(2)
  })

  test('names every service once and knows no order of keys', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const classes = classifyServices(model, {})
        expect(classes.map((each) => each.name).sort()).toEqual(Object.keys(model.services).sort())
        expect(classifyServices(reversedKeys(model), {})).toEqual(classes)
      }),
    )
  })
})
