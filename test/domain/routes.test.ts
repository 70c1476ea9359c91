import { describe, expect, test } from 'vitest'
import { classifyServices } from '../../src/domain/classify.ts'
import type { ComposePort, ComposeService } from '../../src/domain/compose-model.ts'
import { refusedRoutes, routesFromPorts } from '../../src/domain/routes.ts'
import type { Route } from '../../src/domain/service.ts'
import { writtenPort } from '../../src/domain/written-port.ts'
import { shop } from './models.ts'

function routesOf(services: Record<string, ComposeService>) {
  const model = shop(services)
  return routesFromPorts(model, classifyServices(model, {}))
}

function published(port: Partial<ComposePort>): ComposePort {
  return { mode: 'ingress', target: 3000, published: '8080', protocol: 'tcp', ...port }
}

function refusalOf(port: Partial<ComposePort>) {
  return routesOf({ web: { ports: [published(port)] } }).refusals[0]
}

describe('routes from `ports:`', () => {
  test('lead from the published port to the container’s, for any host and path', () => {
    expect(routesOf({ web: { ports: [published({})] } })).toEqual({
      routes: [{ listen: 8080, host: undefined, path: '/', service: 'web', port: 3000 }],
      refusals: [],
    })
  })

  test('come from colored services only', () => {
    const found = routesOf({ db: { image: 'postgres', ports: [published({ published: '5432' })] } })
    expect(found).toEqual({ routes: [], refusals: [] })
  })

  test('are ordered by listen port', () => {
    const found = routesOf({
      admin: { ports: [published({ published: '9000' })] },
      web: { ports: [published({ published: '80' }), published({ published: '443', target: 3443 })] },
    })
    expect(found.routes.map((route) => route.listen)).toEqual([80, 443, 9000])
  })

  test('are one for one port on IPv4 and on IPv6', () => {
    const ports = [published({ host_ip: '0.0.0.0' }), published({ host_ip: '::' })]
    expect(routesOf({ web: { ports } })).toMatchObject({ routes: [{ listen: 8080 }], refusals: [] })
  })

  test('are TCP where no protocol is named', () => {
    expect(routesOf({ web: { ports: [{ target: 80, published: '80' }] } }).routes).toHaveLength(1)
  })

  test.each([
    ['a UDP port', { protocol: 'udp' }, /udp/, /class: shared/],
    ['an SCTP port', { protocol: 'sctp' }, /sctp/, /class: shared/],
    ['port 0', { published: '0' }, /Docker picks/, /"8080:3000"/],
    ['an empty port', { published: '' }, /Docker picks/, /expose: \["3000"\]/],
    ['a range of ports', { published: '6000-6002' }, /one of the ports 6000-6002/, /"6000:3000"/],
    ['a loopback address', { host_ip: '127.0.0.1' }, /127\.0\.0\.1 only/, /upgrade\.yaml/],
    ['another single address', { host_ip: '10.0.0.5' }, /10\.0\.0\.5 only/, /"8080:3000"/],
  ] as const)('are refused for %s, with what to write instead', (_title, port, message, hint) => {
    const refusal = refusalOf(port)
    expect(refusal?.path).toEqual(['services', 'web', 'ports', writtenPort(published(port))])
    expect(refusal?.message).toMatch(message)
    expect(refusal?.hint).toMatch(hint)
  })

  test('are refused for a port without a published one', () => {
    const found = routesOf({ web: { ports: [{ target: 3000, protocol: 'tcp' }] } })
    expect(found.refusals[0]?.message).toMatch(/Docker picks/)
  })

  test('are refused for the second of two services on one port', () => {
    const found = routesOf({
      api: { ports: [published({})] },
      web: { ports: [published({ published: '80' }), published({ target: 80 })] },
    })
    expect(found.refusals.map((refusal) => refusal.path)).toEqual([['services', 'web', 'ports', '8080:80']])
    expect(found.routes.map((route) => route.service)).toEqual(['web', 'api'])
  })
})

describe('configured routes', () => {
  const route = (change: Partial<Route>): Route => {
    return { listen: 80, host: undefined, path: '/', service: 'web', port: 3000, ...change }
  }
  const refused = (routes: Route[]) => {
    const model = shop({ web: {}, api: {}, db: { image: 'postgres' } })
    return refusedRoutes({ model, classes: classifyServices(model, {}), routes })
  }

  test('may share a port when host or path tell them apart', () => {
    const routes = [
      route({}),
      route({ path: '/api', service: 'api' }),
      route({ host: 'shop.example', service: 'api' }),
    ]
    expect(refused(routes)).toEqual([])
  })

  test.each([
    ['a service that is not there', [route({ service: 'wep' })], 'routes.0.service', /no service `wep`/],
    ['a shared service', [route({ service: 'db' })], 'routes.0.service', /`db` is shared/],
    ['one place twice', [route({}), route({ service: 'api' })], 'routes.1', /routed twice/],
    [
      'one host in two spellings',
      [route({ host: 'a.example' }), route({ host: 'A.example' })],
      'routes.1',
      /routed twice/,
    ],
  ])('are refused for %s', (_title, routes, path, message) => {
    const found = refused(routes)
    expect(found.map((refusal) => refusal.path.join('.'))).toEqual([path])
    expect(found[0]?.message).toMatch(message)
  })
})
