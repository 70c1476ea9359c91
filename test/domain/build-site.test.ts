import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  buildSite,
  routesOfSite,
  type SiteFacts,
  sameUpstreams,
  withActive,
} from '../../src/domain/build-site.ts'
import { COLORS } from '../../src/domain/color.ts'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import { routeFor, routeTable } from '../../src/domain/route-table.ts'
import type { Route } from '../../src/domain/service.ts'

const web: Route = { listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }
const facts: SiteFacts = {
  app: 'shop',
  generation: 4,
  active: 'blue',
  colors: { blue: { release: 'blue-1', routes: [web] }, green: { release: 'green-2', routes: [web] } },
  ports: { management: 17080, previews: { 80: 17081 } },
  drainTimeoutMs: 30_000,
  delivery: PLAIN_DELIVERY,
}

test('a route names its upstream in either color', () => {
  expect(buildSite(facts)).toMatchObject({
    releases: { blue: 'blue-1', green: 'green-2' },
    listeners: [
      {
        port: 80,
        previewPort: 17081,
        routes: [{ host: undefined, path: '/', blue: 'shop.blue.web.3000', green: 'shop.green.web.3000' }],
      },
    ],
  })
})

test('a port that speaks two protocols is two upstreams, and each is read back as it was written', () => {
  const calls: Route = { ...web, path: '/shop.Orders', protocol: 'grpc' }
  const site = buildSite({ ...facts, colors: { blue: { release: 'blue-1', routes: [web, calls] } } })
  const names = site.upstreams.filter(({ color }) => color === 'blue').map(({ name }) => name)
  expect(names).toEqual(['shop.blue.web.3000', 'shop.blue.web.3000.grpc'])
  expect(routesOfSite(site, 'blue')).toEqual([web, calls])
})

test('names of upstreams end in .internal, which no public name can be', () => {
  for (const { host } of buildSite(facts).upstreams)
    expect(host).toMatch(/^web\.(blue|green)\.shop\.internal$/)
})

test('a color without a release is given the routes of the other, so that its table holds when it comes up', () => {
  const before = buildSite({ ...facts, colors: { blue: facts.colors.blue } })
  expect(before.releases.green).toBeUndefined()
  expect(sameUpstreams(before, buildSite(facts))).toBe(true)
})

test('a path that only one release has leads in the other where its own routes lead', () => {
  const api: Route = { ...web, path: '/api', service: 'api' }
  const site = buildSite({
    ...facts,
    colors: { ...facts.colors, green: { release: 'g', routes: [web, api] } },
  })
  expect(site.listeners[0]?.routes).toEqual([
    { host: undefined, path: '/', blue: 'shop.blue.web.3000', green: 'shop.green.web.3000' },
    { host: undefined, path: '/api', blue: 'shop.blue.web.3000', green: 'shop.green.api.3000' },
  ])
})

test('a host that a release does not name gets its routes for any host', () => {
  const admin: Route = { ...web, host: 'admin.example', service: 'admin' }
  const site = buildSite({
    ...facts,
    colors: { ...facts.colors, green: { release: 'g', routes: [web, admin] } },
  })
  expect(site.listeners[0]?.routes).toContainEqual({
    host: 'admin.example',
    path: '/',
    blue: 'shop.blue.web.3000',
    green: 'shop.green.admin.3000',
  })
})

test('an exact host beats a wildcard, and a path prefix ends at a segment', () => {
  const any: Route = { ...web, host: '*.example', service: 'any' }
  const one: Route = { ...web, host: 'a.example', path: '/x', service: 'one' }
  expect(routeFor(routeTable([web, any]), { host: 'b.example', path: '/' })).toBe(any)
  expect(routeFor(routeTable([web, any, one]), { host: 'a.example', path: '/x/y' })).toBe(one)
  expect(routeFor(routeTable([web, any, one]), { host: 'a.example', path: '/xy' })).toBeUndefined()
})

test('every port that is published has a listener, with routes or without', () => {
  const ports = { management: 17080, previews: { 80: 17081, 8443: 17082 } }
  const { listeners } = buildSite({ ...facts, active: undefined, colors: {}, ports })
  expect(listeners).toEqual([
    { port: 80, previewPort: 17081, routes: [] },
    { port: 8443, previewPort: 17082, routes: [] },
  ])
})

test('another active color is the same table', () => {
  const site = buildSite(facts)
  const next = withActive(site, { generation: 5, active: 'green' })
  expect(next).toEqual({ ...site, generation: 5, active: 'green' })
  expect(sameUpstreams(site, next)).toBe(true)
})

const routes = fc.uniqueArray(
  fc.record({
    listen: fc.constant(80),
    host: fc.constantFrom(undefined, 'a.example', 'b.example', '*.example'),
    path: fc.constantFrom('/', '/api', '/api/v1', '/static/', '/apix'),
    service: fc.constantFrom('web', 'api', 'admin'),
    port: fc.constantFrom(3000, 8080),
  }),
  { selector: ({ host, path }) => `${host}${path.replace(/(?<=.)\/$/, '')}`, maxLength: 8 },
)
const places = ['a.example', 'b.example', 'c.example', 'other'].flatMap((host) =>
  ['/', '/api', '/api/v1/x', '/apix/y', '/static', '/else'].map((path) => ({ host, path })),
)

test('whatever both releases route, each color answers exactly as its own routes say', () => {
  fc.assert(
    fc.property(routes, routes, (blue, green) => {
      const site = buildSite({
        ...facts,
        colors: { blue: { release: 'b', routes: blue }, green: { release: 'g', routes: green } },
      })
      for (const [color, own] of [
        ['blue', blue],
        ['green', green],
      ] as const) {
        const table = routesOfSite(site, color)
        for (const place of places) {
          const { service, port } = routeFor(routeTable(own), place) ?? {}
          expect({ ...place, ...answerOf(table, site, place) }).toEqual({ ...place, service, port })
        }
      }
    }),
    { numRuns: 300 },
  )
})

// As nginx does it: the server is chosen by every host that stands in the configuration, of whichever color.
function answerOf(
  table: readonly Route[],
  site: ReturnType<typeof buildSite>,
  place: { host: string; path: string },
) {
  const hosts = site.listeners[0]?.routes.map(({ host }) => host) ?? []
  const server =
    ['a.example', 'b.example'].includes(place.host) && hosts.includes(place.host) ? place.host : undefined
  const host =
    server ?? (place.host.endsWith('.example') && hosts.includes('*.example') ? '*.example' : undefined)
  const route = routeFor(routeTable(table.filter((each) => each.host === host)), { host, path: place.path })
  return { service: route?.service, port: route?.port }
}

test('a site built from the routes read back from it has the same tables', () => {
  fc.assert(
    fc.property(routes, routes, (blue, green) => {
      const site = buildSite({
        ...facts,
        colors: { blue: { release: 'b', routes: blue }, green: { release: 'g', routes: green } },
      })
      const colors = Object.fromEntries(
        COLORS.map((color) => [color, { release: color, routes: routesOfSite(site, color) }]),
      )
      expect(buildSite({ ...facts, colors }).listeners).toEqual(site.listeners)
    }),
  )
})
