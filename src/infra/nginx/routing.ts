import { type RouteTable, routeAt, routesOfHost, routeTable } from '../../domain/route-table.ts'
import type { Listener, Site, SiteRoute, Upstream } from '../../domain/site.ts'

/** A variable of nginx, and the upstream that it stands for in each color; null: the color has no such route. */
type RouteVariable = { variable: string; blue: string | null; green: string | null }

/**
 * `variable`: the upstream. `place`: its number, where hosts differ; null: all lead to the same. `speaks`: what is behind
 * it; each color may speak something else. `mayLack`: a host or a color has no such route; nginx is asked only there.
 */
export type Location = {
  match: '=' | '^~'
  path: string
  variable: string
  place: number | null
  speaks: 'http' | 'grpc' | 'either'
  mayLack: boolean
}

/** Where the requests of an app lead, by host and path. */
export type Routing = {
  variables: RouteVariable[]
  /** Names, and the number of their table; every other host has table 0. */
  hosts: { name: string; table: number }[]
  /** Where a table leads at a place at which tables differ. */
  routed: { table: number; place: number; variable: string }[]
  locations: ReadonlyMap<Listener, Location[]>
}

/**
 * All hosts of a port share one server, for nginx takes its time to read each, twice at a switch: fifty took as long as
 * everything else. Where hosts differ, what a location leads to is looked up by the host's table and the place.
 */
export function routingOf(site: Site, prefix: string): Routing {
  const { variables, variableOf } = routeVariables(site, prefix)
  const byPort = site.listeners.map(({ routes }) => routeTable(routes))
  const tables = tablesOf(byPort)
  const routed: Routing['routed'] = []
  let places = 0
  const locationsOf = (listener: Listener, index: number) =>
    [...new Set(listener.routes.map(({ path }) => path))].sort().flatMap((path) => {
      const led = tables.map(({ routes }) => routeAt(routes[index] ?? [], path))
      const ways = led.map((route) => route && variableOf(route))
      const agreed = ways.every((way) => way === ways[0]) ? ways[0] : undefined
      const place = agreed === undefined ? places++ : null
      for (const [table, variable] of ways.entries())
        if (place !== null && variable !== undefined) routed.push({ table, place, variable })
      return matchesOf(path).map((match) => ({
        ...match,
        variable: agreed ?? `${prefix}_routed`,
        place,
        speaks: spokenBehind(led, site.upstreams),
        mayLack: led.some((route) => route?.blue === undefined || route.green === undefined),
      }))
    })
  const locations = new Map(site.listeners.map((listener, index) => [listener, locationsOf(listener, index)]))
  const hosts = tables.flatMap(({ names }, table) => names.map((name) => ({ name, table })))
  return { variables, hosts: routed.length > 0 ? hosts : [], routed, locations }
}

/** Hosts that lead alike, and their routes on each port. */
type Table = { names: string[]; routes: (readonly SiteRoute[])[] }

/** The first is that of every host that no route names. */
function tablesOf(byPort: readonly RouteTable<SiteRoute>[]): Table[] {
  const tables = new Map<string, Table>()
  for (const host of new Set([undefined, ...byPort.flatMap((routes) => [...routes.keys()])])) {
    const routes = byPort.map((table) => routesOfHost(table, host))
    const key = JSON.stringify(
      routes.map((ofPort) => ofPort.map(({ blue, green, path }) => [path, blue, green])),
    )
    const table = tables.get(key) ?? { names: [], routes }
    if (host !== undefined) table.names.push(host)
    tables.set(key, table)
  }
  return [...tables.values()]
}

// A prefix ends at a path segment: /api leads on for /api and /api/x, not for /apix.
function matchesOf(path: string): Pick<Location, 'match' | 'path'>[] {
  if (path === '/') return [{ match: '^~', path }]
  return [
    { match: '=', path },
    { match: '^~', path: `${path}/` },
  ]
}

function spokenBehind(
  routes: readonly (SiteRoute | undefined)[],
  upstreams: readonly Upstream[],
): Location['speaks'] {
  if (upstreams.every(({ protocol }) => protocol !== 'grpc')) return 'http'
  const names = new Set(routes.flatMap((route) => [route?.blue, route?.green]))
  const behind = upstreams.filter(({ name }) => names.has(name))
  const ofGrpc = behind.filter(({ protocol }) => protocol === 'grpc')
  if (ofGrpc.length === 0) return 'http'
  return ofGrpc.length === behind.length ? 'grpc' : 'either'
}

/**
 * One variable for all routes that lead to the same places, whatever their host and path: nginx sets half a megabyte
 * aside for each while it reads them, which made a switch with 50 routes twice as long.
 */
function routeVariables(site: Site, prefix: string) {
  const byPlaces = new Map<string, RouteVariable>()
  const ofRoute = new Map<SiteRoute, string>()
  for (const route of site.listeners.flatMap((listener) => listener.routes)) {
    const { blue = null, green = null } = route
    const places = JSON.stringify([blue, green])
    const { variable } = byPlaces.get(places) ?? { variable: `${prefix}_to_${byPlaces.size}` }
    byPlaces.set(places, { variable, blue, green })
    ofRoute.set(route, variable)
  }
  return { variables: [...byPlaces.values()], variableOf: (route: SiteRoute) => ofRoute.get(route) }
}
