import { describe, expect, test } from 'vitest'
import type { ComposeNetwork, ComposeService } from '../../../src/domain/compose-model.ts'
import { upstreamHost } from '../../../src/domain/site.ts'
import { colorServiceOf, refusedPlaces, shop, splitOf } from '../models.ts'

describe('networks of a color', () => {
  test('are its own: without a name, so that Compose names them after its project', () => {
    const networks = { back: { name: 'fixed', internal: true, driver: 'bridge', labels: { mine: 'yes' } } }
    const model = shop({ web: { networks: { back: null } } }, { networks })
    expect(splitOf({ model }).color.networks).toEqual({
      back: {
        internal: true,
        driver: 'bridge',
        labels: { mine: 'yes', 'verdigris.app': 'shop', 'verdigris.color': 'green' },
      },
    })
  })

  test('are those that its services join, no others', () => {
    const model = shop(
      { web: {}, db: { image: 'postgres', networks: { back: null } } },
      { networks: { default: { name: 'shop_default' }, back: { name: 'shop_back' } } },
    )
    expect(Object.keys(splitOf({ model }).color.networks ?? {})).toEqual(['default'])
  })

  test('give each service the name that it has in one color only', () => {
    const networks = { back: { aliases: ['backend'] }, default: null }
    const model = shop({ web: { networks } }, { networks: { back: {}, default: {} } })
    expect(colorServiceOf('web', { model }).networks).toEqual({
      back: { aliases: ['backend', upstreamHost('web', 'green', 'shop')] },
      default: { aliases: [upstreamHost('web', 'green', 'shop')] },
    })
  })

  test('know a service by the container name that it had, too', () => {
    const web = colorServiceOf('web', { model: shop({ web: { container_name: 'my-web' } }) })
    expect(web.networks?.default?.aliases).toEqual(['my-web', upstreamHost('web', 'green', 'shop')])
  })

  test('keep what else an attachment says', () => {
    const networks = { default: { priority: 7, mac_address: '02:42:ac:11:65:43' } }
    const web = colorServiceOf('web', { model: shop({ web: { networks } }) })
    expect(web.networks?.default).toMatchObject({ priority: 7, mac_address: '02:42:ac:11:65:43' })
  })
})

describe('a network that a color cannot have of its own is refused', () => {
  test.each<[string, ComposeNetwork, string]>([
    ['external', { external: true, name: 'edge' }, 'networks.net.external'],
    ['macvlan', { driver: 'macvlan' }, 'networks.net.driver'],
    ['ipvlan', { driver: 'ipvlan' }, 'networks.net.driver'],
    ['host', { driver: 'host' }, 'networks.net.driver'],
    ['a fixed subnet', { ipam: { config: [{ subnet: '10.9.0.0/24' }] } }, 'networks.net.ipam.config'],
    [
      'a fixed bridge',
      { driver_opts: { 'com.docker.network.bridge.name': 'br0' } },
      'networks.net.driver_opts.com.docker.network.bridge.name',
    ],
  ])('%s', (_title, network, place) => {
    const model = shop({ web: { networks: { net: null } } }, { networks: { net: network } })
    expect(refusedPlaces({ model })).toEqual([place])
    const shared = shop(
      { db: { image: 'postgres', networks: { net: null } } },
      { networks: { net: network } },
    )
    expect(refusedPlaces({ model: shared })).toEqual([])
  })

  test.each<[string, ComposeNetwork]>([
    ['an empty ipam', { ipam: {} }],
    ['another driver option', { driver_opts: { 'com.docker.network.driver.mtu': '1400' } }],
    ['IPv6', { enable_ipv6: true }],
  ])('but not %s', (_title, network) => {
    const model = shop({ web: { networks: { net: null } } }, { networks: { net: network } })
    expect(refusedPlaces({ model })).toEqual([])
  })

  test.each(['ipv4_address', 'ipv6_address', 'link_local_ips'])('a fixed address (%s)', (key) => {
    const model = shop({ web: { networks: { default: { [key]: '10.9.0.5' } } } })
    expect(refusedPlaces({ model })).toEqual([`services.web.networks.default.${key}`])
  })
})

describe('namespaces of others', () => {
  const refused = (web: ComposeService, others: Record<string, ComposeService> = {}) =>
    refusedPlaces({ model: shop({ web, ...others }), classes: { worker: 'singleton', job: 'job' } })

  test.each([
    ['network_mode', 'host'],
    ['network_mode', 'container:abc'],
    ['network_mode', 'some-network'],
    ['network_mode', 'service:db'],
    ['network_mode', 'service:worker'],
    ['network_mode', 'service:job'],
    ['ipc', 'container:abc'],
    ['ipc', 'service:db'],
    ['pid', 'service:db'],
    ['pid', 'container:abc'],
  ])('%s: %s is refused', (key, mode) => {
    const others = { db: { image: 'postgres' }, worker: {}, job: {} }
    expect(refused({ [key]: mode }, others)).toEqual([`services.web.${key}`])
  })

  test.each([
    ['network_mode', 'none'],
    ['network_mode', 'bridge'],
    ['network_mode', 'service:api'],
    ['ipc', 'host'],
    ['ipc', 'shareable'],
    ['ipc', 'service:api'],
    ['pid', 'host'],
    ['pid', 'service:api'],
  ])('%s: %s stays', (key, mode) => {
    const model = shop({ web: { [key]: mode }, api: {} })
    expect(colorServiceOf('web', { model })[key]).toBe(mode)
  })

  test.each(['none', 'bridge', 'service:api'])(
    'a route cannot lead to a service with network_mode %s',
    (mode) => {
      const routes = [{ listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }]
      const model = shop({ web: { network_mode: mode }, api: {} })
      expect(refusedPlaces({ model, routes })).toEqual(['services.web.network_mode'])
    },
  )

  test('a service with a network mode joins no network', () => {
    expect(colorServiceOf('web', { model: shop({ web: { network_mode: 'none' } }) })).not.toHaveProperty(
      'networks',
    )
  })

  test.each([
    ['db', true],
    ['db:ro', true],
    ['container:abc:ro', true],
    ['api:ro', false],
  ])('volumes_from %s is refused: %s', (entry, isRefused) => {
    const places = refused({ volumes_from: [entry] }, { db: { image: 'postgres' }, api: {} })
    expect(places).toEqual(isRefused ? [`services.web.volumes_from.${entry}`] : [])
  })

  test('links to containers outside of the file are refused', () => {
    expect(refused({ external_links: ['other:alias'] })).toEqual(['services.web.external_links.other:alias'])
  })
})
