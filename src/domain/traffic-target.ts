import { routesOfSite } from './build-site.ts'
import { COLORS, type Color } from './color.ts'
import type { Route } from './service.ts'
import type { HttpCheck, Settings } from './settings.ts'
import type { Site } from './site.ts'

/** What a stream of requests asks for; always of 127.0.0.1. */
export type TrafficTarget = {
  port: number
  path: string
  headers: Readonly<Record<string, string>>
  /** Statuses of good answers, inclusive ranges. */
  statuses: readonly (readonly [number, number])[]
}

/** From outside a 5xx can be the proxy's own; everything else is an answer of the app. */
const ANSWERS = [[100, 499]] as const

type Checks = Pick<Settings, 'services' | 'health'>

/**
 * A stream to a color through a listener of the proxy, on its first route that speaks HTTP; good is what the route's
 * check says.
 */
export function targetOfColor(
  site: Site,
  color: Color,
  { settings, way }: { settings: Checks; way: 'live' | 'preview' },
): TrafficTarget | undefined {
  const [route] = httpRoutesOf(site, color)
  if (route === undefined) return undefined
  const target = targetOf(route, settings)
  const listener = site.listeners.find((each) => each.port === route.listen)
  const statuses = checkOf(route, settings)?.statuses ?? ANSWERS
  return {
    ...target,
    statuses,
    port: way === 'live' ? route.listen : (listener?.previewPort ?? route.listen),
  }
}

/**
 * A stream that spans a switch, on the first route that both colors have. The check is written for the release to
 * come: the one before may answer its path with 404, which is no lost request.
 */
export function targetOfSwitch(site: Site, settings: Checks): TrafficTarget | undefined {
  const [ofBlue, ofGreen] = COLORS.map((color) => httpRoutesOf(site, color))
  const shared = ofBlue?.find((route) => ofGreen?.some((other) => samePlace(route, other)))
  return shared === undefined ? undefined : targetOf(shared, settings)
}

function httpRoutesOf(site: Site, color: Color): Route[] {
  return routesOfSite(site, color).filter((route) => route.protocol === undefined)
}

function samePlace(a: Route, b: Route): boolean {
  return a.listen === b.listen && a.host === b.host && a.path === b.path
}

function targetOf(route: Route, settings: Checks): TrafficTarget {
  const check = checkOf(route, settings)
  const host = route.host?.replace(/^\*\./, 'www.')
  const headers = Object.entries(check?.headers ?? {}).filter(
    ([name]) => host === undefined || name.toLowerCase() !== 'host',
  )
  return {
    port: route.listen,
    path: check !== undefined && leadsTo(route, check.path) ? check.path : route.path,
    headers: { ...Object.fromEntries(headers), ...(host === undefined ? {} : { Host: host }) },
    statuses: ANSWERS,
  }
}

function checkOf(route: Route, { health, services }: Checks): HttpCheck | undefined {
  return services[route.service]?.check ?? health.check
}

/** Checks ask a service directly; through the proxy only paths below the route's lead to it. */
function leadsTo(route: Route, path: string): boolean {
  return route.path === '/' || path === route.path || path.startsWith(`${route.path}/`)
}
