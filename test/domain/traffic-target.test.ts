import { describe, expect, test } from 'vitest'
import { buildSite } from '../../src/domain/build-site.ts'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import type { Route } from '../../src/domain/service.ts'
import type { HttpCheck } from '../../src/domain/settings.ts'
import { targetOfColor, targetOfSwitch } from '../../src/domain/traffic-target.ts'

const route = (given: Partial<Route> = {}): Route => ({
  listen: 8080,
  host: undefined,
  path: '/',
  service: 'web',
  port: 3000,
  ...given,
})

const check = (given: Partial<HttpCheck> = {}): HttpCheck => ({
  path: '/up',
  statuses: [[200, 399]],
  body: undefined,
  headers: {},
  requestTimeoutMs: 5_000,
  ...given,
})

const settings = (own: HttpCheck | undefined) => ({
  services: {},
  health: { timeoutMs: 1, intervalMs: 1, successes: 1, check: own },
})

function site(blue: Route[], green: Route[]) {
  return buildSite({
    app: 'shop',
    generation: 7,
    active: 'blue',
    colors: {
      blue: { release: 'blue-20260129-101530', routes: blue },
      green: { release: 'green-20260129-141245', routes: green },
    },
    ports: { management: 8089, previews: { 8080: 8081 } },
    drainTimeoutMs: 30_000,
    delivery: PLAIN_DELIVERY,
  })
}

describe('a stream to a color', () => {
  test('leaves routes to gRPC alone', () => {
    const calls = route({ path: '/shop.Orders', port: 50051, protocol: 'grpc' })
    const some = site([calls, route()], [calls, route()])
    expect(targetOfColor(some, 'blue', { settings: settings(undefined), way: 'live' })?.path).toBe('/')
    const none = site([calls], [calls])
    expect(targetOfSwitch(none, settings(undefined))).toBe(undefined)
  })

  const both = site([route()], [route()])

  test('asks for / and takes any answer below 500 where nothing is checked', () => {
    expect(targetOfColor(both, 'blue', { settings: settings(undefined), way: 'live' })).toEqual({
      port: 8080,
      path: '/',
      headers: {},
      statuses: [[100, 499]],
    })
  })

  test('asks as the check does, and takes what the check takes', () => {
    const asked = settings(check({ headers: { 'X-Check': 'yes' } }))
    expect(targetOfColor(both, 'green', { settings: asked, way: 'preview' })).toEqual({
      port: 8081,
      path: '/up',
      headers: { 'X-Check': 'yes' },
      statuses: [[200, 399]],
    })
  })

  test("prefers a service's own check", () => {
    const own = {
      ...settings(check()),
      services: { web: { class: undefined, check: check({ path: '/own' }), quiet: undefined } },
    }
    expect(targetOfColor(both, 'blue', { settings: own, way: 'live' })?.path).toBe('/own')
  })

  test('stays below the path of the route, and bears its host name', () => {
    const routed = [route({ path: '/api', host: '*.shop.example' })]
    const led = site(routed, routed)
    const asked = (path: string) =>
      targetOfColor(led, 'blue', { settings: settings(check({ path, headers: { host: 'x' } })), way: 'live' })
    expect(asked('/up')).toMatchObject({ path: '/api', headers: { Host: 'www.shop.example' } })
    expect(asked('/api/up')?.path).toBe('/api/up')
    expect(asked('/apix')?.path).toBe('/api')
  })

  test('there is none where the color has no route', () => {
    expect(targetOfColor(site([route()], []), 'green', { settings: settings(undefined), way: 'live' })).toBe(
      undefined,
    )
  })
})

describe('a stream that spans a switch', () => {
  test('goes to the first route that both colors have, and takes any answer below 500', () => {
    const led = site([route({ path: '/old' }), route()], [route({ path: '/new' }), route({ port: 4000 })])
    expect(targetOfSwitch(led, settings(check()))).toEqual({
      port: 8080,
      path: '/up',
      headers: {},
      statuses: [[100, 499]],
    })
  })

  test('there is none where no route is shared', () => {
    const led = site([route({ host: 'a.example' })], [route({ host: 'b.example' })])
    expect(targetOfSwitch(led, settings(undefined))).toBe(undefined)
  })
})
