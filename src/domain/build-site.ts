import { COLORS, type Color } from './color.ts'
import type { Delivery } from './delivery.ts'
import type { ReleaseId } from './release.ts'
import { coversPath, type RouteTable, routeFor, routeTable, unionOfPlaces } from './route-table.ts'
import type { Route } from './service.ts'
import { type Listener, nameInDns, type Site, type SiteRoute, type Upstream, upstreamHost } from './site.ts'

/** A color's release and the routes that this very release asks for. */
type ColorRoutes = { release: ReleaseId; routes: readonly Route[] }

export type SiteFacts = {
  app: string
  generation: number
  active: Color | undefined
  colors: { blue?: ColorRoutes | undefined; green?: ColorRoutes | undefined }
  /** What the proxy listens on; `previews`: public listen port → preview port. */
  ports: { management: number; previews: Readonly<Record<number, number>> }
  drainTimeoutMs: number
  delivery: Delivery
}

/**
 * The site of an app: for every place that either release serves, where it leads in each color by that color's
 * own routes. So whichever color is active, users get exactly the routes of its release. A color without a
 * release is given the other's routes: the table then still holds when that color comes up.
 */
export function buildSite(facts: SiteFacts): Site {
  const { app, colors } = facts
  const routes = {
    blue: withPlainHosts((colors.blue ?? colors.green)?.routes ?? []),
    green: withPlainHosts((colors.green ?? colors.blue)?.routes ?? []),
  }
  return {
    app,
    generation: facts.generation,
    active: facts.active,
    releases: { blue: colors.blue?.release, green: colors.green?.release },
    listeners: buildListeners(app, facts.ports.previews, routes),
    upstreams: buildUpstreams(app, routes),
    managementPort: facts.ports.management,
    drainTimeoutMs: facts.drainTimeoutMs,
    delivery: facts.delivery,
  }
}

/** To nginx, as to DNS, capitals make no other name. */
function withPlainHosts(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({ ...route, host: route.host?.toLowerCase() }))
}

/** The same site with users on another color, under a new number. */
export function withActive(site: Site, change: { generation: number; active: Color | undefined }): Site {
  return { ...site, generation: change.generation, active: change.active }
}

/** The same site on a proxy's ports, which may not be those it was made for. */
export function withPorts(site: Site, ports: SiteFacts['ports']): Site {
  const listeners = site.listeners.map((each) => ({
    ...each,
    previewPort: ports.previews[each.port] ?? each.previewPort,
  }))
  return { ...site, listeners, managementPort: ports.management }
}

/**
 * Both sites lead every place to the same upstream in each color, so that a worker of the one can stand in for
 * the other at a switch.
 */
export function sameUpstreams(a: Site, b: Site): boolean {
  return upstreamTable(a) === upstreamTable(b)
}

/** What `sameUpstreams` compares, as text. */
export function upstreamTable(site: Site): string {
  return JSON.stringify([site.listeners, site.upstreams])
}

type Routes = Record<Color, readonly Route[]>

function buildListeners(app: string, previews: Readonly<Record<number, number>>, routes: Routes): Listener[] {
  return Object.entries(previews).map(([listen, previewPort]) => {
    const port = Number(listen)
    const onPort = (color: Color) => routes[color].filter((route) => route.listen === port)
    const [onBlue, onGreen] = [onPort('blue'), onPort('green')]
    const [blue, green] = [routeTable(onBlue), routeTable(onGreen)]
    const lead = (table: RouteTable, color: Color, place: { host: string | undefined; path: string }) => {
      const route = routeFor(table, place)
      return route && upstreamName(app, color, route)
    }
    const led = unionOfPlaces([...onBlue, ...onGreen]).map((place) => ({
      ...place,
      blue: lead(blue, 'blue', place),
      green: lead(green, 'green', place),
    }))
    return { port, previewPort, routes: withoutRepeats(led) }
  })
}

// A place that leads where the shorter path around it leads anyway needs no entry.
function withoutRepeats(routes: readonly SiteRoute[]): SiteRoute[] {
  const kept: SiteRoute[] = []
  for (const route of routes) {
    const around = kept.findLast((other) => other.host === route.host && coversPath(other.path, route.path))
    if (route.blue !== around?.blue || route.green !== around?.green) kept.push(route)
  }
  return kept
}

function buildUpstreams(app: string, routes: Routes): Upstream[] {
  const byName = new Map<string, Upstream>()
  for (const color of COLORS) {
    for (const route of routes[color]) {
      const name = upstreamName(app, color, route)
      const { port, service } = route
      byName.set(name, {
        name,
        color,
        service,
        host: upstreamHost(service, color, app),
        port,
        ...spoken(route),
      })
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

// Neither an app nor a color has a dot in its name, so no two upstreams of a shared proxy can meet. Two protocols
// are two upstreams: nginx would take an idle connection of the one for the other.
function upstreamName(app: string, color: Color, { port, protocol, service }: Route): string {
  const spoken = protocol === undefined ? [] : [protocol]
  return [app, color, nameInDns(service), port, ...spoken].join('.')
}

function spoken({ protocol }: Pick<Route, 'protocol'>): Pick<Route, 'protocol'> {
  return protocol === undefined ? {} : { protocol }
}

/** The routes that a site has for a color, read back from its tables. */
export function routesOfSite(site: Site, color: Color): Route[] {
  return site.listeners.flatMap((listener) =>
    listener.routes.flatMap((route) => {
      const upstream = site.upstreams.find((each) => each.name === route[color])
      if (upstream === undefined) return []
      const { port, service } = upstream
      const { host, path } = route
      return [{ listen: listener.port, host, path, service, port, ...spoken(upstream) }]
    }),
  )
}
