import type { Route } from './service.ts'

/** A host name and a path prefix on one listen port. */
export type RoutePlace = { host: string | undefined; path: string }

/** Routes by their host name; a listen port of many hosts asks for hundreds of places. */
export type RouteTable<T extends RoutePlace = Route> = ReadonlyMap<string | undefined, readonly T[]>

export function routeTable<T extends RoutePlace>(routes: readonly T[]): RouteTable<T> {
  const table = new Map<string | undefined, T[]>()
  for (const route of routes) {
    const known = table.get(route.host)
    if (known) known.push(route)
    else table.set(route.host, [route])
  }
  return table
}

/**
 * Every place at which one of these routes may answer differently, ordered: no host first, then by name; shorter
 * paths first. A host also gets the paths of routes without a host, which answer where it has none itself.
 */
export function unionOfPlaces(routes: readonly Route[]): RoutePlace[] {
  const table = routeTable(routes)
  return [...table.keys()].sort(byText).flatMap((host) => {
    const reachable = patternsOf(host).flatMap((pattern) => table.get(pattern) ?? [])
    const paths = [...new Set(reachable.map((route) => normalPath(route.path)))].sort(byText)
    return paths.map((path) => ({ host, path }))
  })
}

/** The route of one release that answers at a place: the nearest host name, then the longest path prefix. */
export function routeFor<T extends RoutePlace>(table: RouteTable<T>, place: RoutePlace): T | undefined {
  return routeAt(routesOfHost(table, place.host), place.path)
}

/** Of the routes of a host, the one whose path covers most of this one. */
export function routeAt<T extends RoutePlace>(routes: readonly T[], path: string): T | undefined {
  return routes
    .filter((route) => coversPath(normalPath(route.path), path))
    .reduce<T | undefined>(
      (best, route) => (best && normalPath(best.path).length >= normalPath(route.path).length ? best : route),
      undefined,
    )
}

/** The routes of the nearest name that has any. */
export function routesOfHost<T extends RoutePlace>(table: RouteTable<T>, host: string | undefined) {
  const nearest = patternsOf(host).find((pattern) => table.has(pattern))
  return table.get(nearest) ?? []
}

/**
 * The names whose routes answer for a host, nearest first: an exact name beats any wildcard, a longer wildcard a shorter
 * one, a wildcard no name: nginx's own order.
 */
function patternsOf(host: string | undefined): (string | undefined)[] {
  if (host === undefined) return [undefined]
  const patterns: (string | undefined)[] = [host]
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1))
    patterns.push(`*${host.slice(dot)}`)
  return [...patterns, undefined]
}

/** A path prefix covers itself and what lies below it, segment by segment. */
export function coversPath(prefix: string, path: string): boolean {
  return prefix === '/' || path === prefix || path.startsWith(`${prefix}/`)
}

function normalPath(path: string): string {
  return path === '/' ? path : path.replace(/\/+$/, '') || '/'
}

function byText(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : 1
}
