import { COLORS, type Color, otherColor } from '../../domain/color.ts'
import type { Delivery } from '../../domain/delivery.ts'
import type { Listener, Site, Upstream } from '../../domain/site.ts'
import { generationPath, maintenancePath } from './layout.ts'
import { countsRequests } from './long-connections.ts'
import { type Location, type Routing, routingOf } from './routing.ts'

type Choice = { color: Color | 'none'; marks: { to: Color; color: Color }[] }
type Server = {
  purpose: 'public' | 'preview'
  port: number
  /** All hosts of the port, behind a name that none has. */
  names: string[]
  isDefault: boolean
  choice: Choice
  locations: Location[]
  hasRoot: boolean
  tls: boolean
  /** The TLS port that users are sent to instead; null: they are served here. */
  redirectPort: number | null
}

/** What site.conf.ejs sees as `site`. null stands for "there is none". */
export type SiteView = {
  app: string
  generation: number
  active: Color | 'none'
  /** Where this generation's files are, in the proxy. */
  folder: string
  /** Begins every name that must be the app's own where several apps share an nginx. */
  prefix: string
  choice: Choice
  releases: { blue: string; green: string }
  managementPort: number
  /** Requests of users are counted by their color. */
  countsRequests: boolean
  upstreams: (Omit<Upstream, 'protocol'> & { protocol: 'http' | 'grpc' })[]
  /** nginx variables that hold where routes lead: the upstream of the request's color, or nothing. */
  routes: Routing['variables']
  /** Hosts that lead elsewhere than others, with the number of their table, and where each table leads at a place. */
  hosts: Routing['hosts']
  routed: Routing['routed']
  servers: Server[]
  delivery: Omit<Delivery, 'tls'> & { hsts: boolean }
  /** Where the page of the maintenance and its mark are, in the proxy. */
  maintenance: string
  /** Some route leads to gRPC. */
  grpc: boolean
}

/**
 * What nginx.conf.ejs sees as `main`. `workers`: how many processes share the connections. `cutAfterMs`: when long
 * connections of an older generation are closed; null: never.
 */
export type MainView = { workers: number | 'auto'; cutAfterMs: number | null; sites: string }

/** A site as templates want it: every name made, nothing left to decide. */
export function viewOfSite(site: Site, folder: string): SiteView {
  const prefix = variablePrefix(site.app)
  const { tls, ...withoutTls } = site.delivery
  const { hosts, locations, routed, variables } = routingOf(site, prefix)
  return {
    app: site.app,
    generation: site.generation,
    active: site.active ?? 'none',
    folder: generationPath(site.app, folder),
    prefix,
    choice: publicChoice(site),
    releases: { blue: site.releases.blue ?? 'none', green: site.releases.green ?? 'none' },
    managementPort: site.managementPort,
    countsRequests: countsRequests(site),
    upstreams: site.upstreams.map((upstream) => ({ ...upstream, protocol: upstream.protocol ?? 'http' })),
    routes: variables,
    hosts,
    routed,
    servers: site.listeners.flatMap((listener) => serversOf(site, listener, locations.get(listener) ?? [])),
    delivery: { ...withoutTls, hsts: tls?.hsts ?? false },
    maintenance: maintenancePath(site.app),
    grpc: site.upstreams.some(({ protocol }) => protocol === 'grpc'),
  }
}

function serversOf(site: Site, listener: Listener, locations: Location[]): Server[] {
  const hosts = new Set(listener.routes.map((route) => route.host))
  const { tls } = site.delivery
  const isTls = tls?.listen === listener.port
  const shared = {
    // Where no route is for any host, strangers are answered here all the same, that they reach nobody else.
    names: [`${site.app}.any.invalid`, ...[...hosts].filter((host) => host !== undefined)],
    isDefault: hosts.has(undefined),
    locations,
    hasRoot: locations.some(({ path }) => path === '/'),
  }
  return [
    {
      ...shared,
      purpose: 'public',
      port: listener.port,
      choice: publicChoice(site),
      tls: isTls,
      redirectPort: tls?.redirect && !isTls ? tls.listen : null,
    },
    // A preview is on loopback: plain, whatever users speak.
    {
      ...shared,
      purpose: 'preview',
      port: listener.previewPort,
      choice: previewChoice(site),
      tls: false,
      redirectPort: null,
    },
  ]
}

function publicChoice(site: Site): Choice {
  const others = COLORS.filter((color) => color !== site.active)
  return { color: site.active ?? 'none', marks: others.map((to) => ({ to, color: to })) }
}

// Before anything was switched to, the standby is what was deployed.
function previewChoice(site: Site): Choice {
  const lone: Color = site.releases.green && !site.releases.blue ? 'green' : 'blue'
  return {
    color: site.active ? otherColor(site.active) : lone,
    marks: publicChoice(site).marks.map(({ to }) => ({ to, color: otherColor(to) })),
  }
}

// Names of nginx variables have no `-`, and `a-b` and `a_b` are two apps: `_` becomes `__`, `-` becomes `_0`.
function variablePrefix(app: string): string {
  return `vd_${app.replaceAll('_', '__').replaceAll('-', '_0')}`
}
