import { describe, expect, test } from 'vitest'
import type { ComposePort, ComposeService } from '../../../src/domain/compose-model.ts'
import { refusedPlaces, shop } from '../models.ts'

const published = (port: string, change: Partial<ComposePort> = {}): ComposeService => {
  return { image: 'redis', ports: [{ target: 1, published: port, ...change }] }
}

describe('a port of a shared service', () => {
  const web = { image: 'web', ports: [{ target: 80, published: '8080' }] }

  test('is refused where a route leads through it', () => {
    expect(refusedPlaces({ model: shop({ web, db: published('8080') }) })).toEqual([
      'services.db.ports.8080:1',
    ])
  })

  test('is fine for UDP beside a route, for the proxy listens on TCP', () => {
    expect(refusedPlaces({ model: shop({ web, db: published('8080', { protocol: 'udp' }) }) })).toEqual([])
  })

  test.each<[string, Partial<ComposePort>, Partial<ComposePort>, boolean]>([
    ['the same port', {}, {}, true],
    ['every address beside one', {}, { host_ip: '127.0.0.1' }, true],
    ['two addresses', { host_ip: '127.0.0.1' }, { host_ip: '127.0.0.2' }, false],
    ['IPv4 and IPv6', { host_ip: '0.0.0.0' }, { host_ip: '::' }, false],
    ['two protocols', {}, { protocol: 'udp' }, false],
    ['UDP twice', { protocol: 'udp' }, { protocol: 'udp' }, true],
    ['a port that Docker picks', { published: '0' }, { published: '0' }, false],
  ])('is refused where another has it: %s', (_title, one, other, isRefused) => {
    const places = refusedPlaces({
      model: shop({ a: published('5000', one), b: published('5000', other) }),
      routes: [],
    })
    expect(places).toHaveLength(isRefused ? 1 : 0)
  })
})

describe('two databases on one volume', () => {
  const pg = (change: object = {}, image = 'postgres:16'): ComposeService => ({
    image,
    volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data', ...change }],
  })
  const refused = (a: ComposeService, b: ComposeService, classes = {}) =>
    refusedPlaces({ model: shop({ a, b }, { volumes: { data: null } }), classes })

  test('are refused: each would destroy what the other wrote', () => {
    expect(refused(pg(), pg())).toEqual(['services.b.volumes.data:/var/lib/postgresql/data'])
  })

  test.each<[string, ComposeService, object]>([
    ['one that only reads', pg({ read_only: true }), {}],
    ['one in a folder of the volume', pg({ volume: { subpath: 'b' } }), {}],
    ['one that is no database', pg({}, 'backup-tool'), {}],
    ['one elsewhere in its container', pg({ target: '/backup' }), {}],
    ['one whose class a person set', pg(), { b: 'shared' }],
  ])('are fine with %s', (_title, other, classes) => {
    expect(refused(pg(), other, classes)).toEqual([])
  })
})

test('what a provider gives to services of the color is refused where they ask for it', () => {
  const model = shop({
    web: { image: 'web', depends_on: { cloud: { condition: 'service_started' } } },
    cloud: { provider: { type: 'cloud' } },
  })
  expect(refusedPlaces({ model, classes: { cloud: 'shared' } })).toEqual(['services.web.depends_on.cloud'])
})
