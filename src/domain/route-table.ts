import type { Route } from './service.ts'

/** A host name and a path prefix on one listen port. */
export type RoutePlace = { host: string | undefined; path: string }

/**
 * Every place at which one of these routes may answer differently, ordered: no host first, then by name; shorter
 * paths first. A host also gets the paths of routes without a host, which answer where it has none itself.
 */
export function unionOfPlaces(routes: readonly Route[]): RoutePlace[] {
  const hosts = [...new Set(routes.map((route) => route.host))].sort(byText)
  return hosts.flatMap((host) => {
    const reachable = routes.filter((route) => coversHost(route.host, host))
    const paths = [...new Set(reachable.map((route) => normalPath(route.path)))].sort(byText)
    return paths.map((path) => ({ host, path }))
  })
}

/** The route of one release that answers at a place: the nearest host name, then the longest path prefix. */
export function routeFor(routes: readonly Route[], place: RoutePlace): Route | undefined {
  const covering = routes.filter((route) => coversHost(route.host, place.host))
  const nearest = Math.max(...covering.map((route) => nearness(route.host)))
  return covering
    .filter((route) => nearness(route.host) === nearest)
    .filter((route) => coversPath(normalPath(route.path), place.path))
    .reduce<Route | undefined>(
      (best, route) => (best && normalPath(best.path).length >= normalPath(route.path).length ? best : route),
      undefined,
    )
}

function coversHost(pattern: string | undefined, host: string | undefined): boolean {
  if (pattern === undefined || pattern === host) return true
  return host !== undefined && pattern.startsWith('*.') && host.endsWith(pattern.slice(1))
}

// An exact name beats any wildcard, a longer wildcard a shorter one, a wildcard no name: nginx's own order.
function nearness(host: string | undefined): number {
  if (host === undefined) return 0
  return host.startsWith('*') ? host.length : 1000 + host.length
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
