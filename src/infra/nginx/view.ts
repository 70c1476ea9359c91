import { COLORS, type Color, otherColor } from '../../domain/color.ts'
import type { Delivery } from '../../domain/delivery.ts'
import type { Listener, Site, SiteRoute, Upstream } from '../../domain/site.ts'
import { generationPath, madeAtMs, maintenancePath } from './layout.ts'
import { type RouteVariable, routeVariables, variableOf } from './route-variables.ts'

type Choice = { color: Color | 'none'; marks: { to: Color; color: Color }[] }
/**
 * `speaks`: what is behind it; each color may speak something else. `mayLack`: a color has no such route; nginx is asked
 * only there, for every question makes a location more to read at a switch.
 */
type Location = {
  match: '=' | '^~'
  path: string
  variable: string
  speaks: 'http' | 'grpc' | 'either'
  mayLack: boolean
}
type Server = {
  purpose: 'public' | 'preview'
  port: number
  /** Hosts that have the very same routes share a server. */
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
  /** ms since the epoch: by then no older worker serves any more. */
  drainedByMs: number
  managementPort: number
  upstreams: (Omit<Upstream, 'protocol'> & { protocol: 'http' | 'grpc' })[]
  /** nginx variables that hold where routes lead: the upstream of the request's color, or nothing. */
  routes: RouteVariable[]
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
  const routes = routeVariables(site, prefix)
  return {
    app: site.app,
    generation: site.generation,
    active: site.active ?? 'none',
    folder: generationPath(site.app, folder),
    prefix,
    choice: publicChoice(site),
    releases: { blue: site.releases.blue ?? 'none', green: site.releases.green ?? 'none' },
    drainedByMs: drainedBy(folder, site),
    managementPort: site.managementPort,
    upstreams: site.upstreams.map((upstream) => ({ ...upstream, protocol: upstream.protocol ?? 'http' })),
    routes,
    servers: site.listeners.flatMap((listener) => serversOf(site, listener, routes)),
    delivery: { ...withoutTls, hsts: tls?.hsts ?? false },
    maintenance: maintenancePath(site.app),
    grpc: site.upstreams.some(({ protocol }) => protocol === 'grpc'),
  }
}

// The master ends old workers when the drain time is over; it takes a moment to tell them.
const WORKERS_END_MS = 5_000

function drainedBy(folder: string, { delivery, drainTimeoutMs }: Site): number {
  if (delivery.longConnections === 'keep') return Number.MAX_SAFE_INTEGER
  const madeMs = madeAtMs(folder)
  return madeMs === undefined ? 0 : madeMs + drainTimeoutMs + WORKERS_END_MS
}

function serversOf(site: Site, listener: Listener, variables: readonly RouteVariable[]): Server[] {
  const hosts = [...new Set([undefined, ...listener.routes.map((route) => route.host)])]
  const { tls } = site.delivery
  const isTls = tls?.listen === listener.port
  const redirectPort = tls?.redirect && !isTls ? tls.listen : null
  // A preview is on loopback: plain, whatever users speak.
  const kinds = [
    { purpose: 'public', port: listener.port, choice: publicChoice(site), tls: isTls, redirectPort },
    {
      purpose: 'preview',
      port: listener.previewPort,
      choice: previewChoice(site),
      tls: false,
      redirectPort: null,
    },
  ] as const
  const servers = kinds.flatMap((kind) =>
    hosts.map((host) => {
      const locations = listener.routes
        .filter((route) => route.host === host)
        .flatMap((route) =>
          locationsOf(route, {
            variable: variableOf(variables, route),
            speaks: spokenBehind(route, site.upstreams),
            mayLack: route.blue === undefined || route.green === undefined,
          }),
        )
      return {
        ...kind,
        // Without routes for any host, this server only keeps strangers from reaching a named host's routes.
        names: [host ?? `${site.app}.any.invalid`],
        isDefault: host === undefined && locations.length > 0,
        locations,
        hasRoot: locations.some((location) => location.path === '/'),
      }
    }),
  )
  return joinAlike(servers)
}

function joinAlike(servers: readonly Server[]): Server[] {
  const joined = new Map<string, Server>()
  for (const server of servers) {
    const { names, ...others } = server
    const key = JSON.stringify(others)
    joined.set(key, { ...server, names: [...(joined.get(key)?.names ?? []), ...names] })
  }
  return [...joined.values()]
}

// A prefix ends at a path segment: /api leads on for /api and /api/x, not for /apix.
function locationsOf(route: SiteRoute, way: Omit<Location, 'match' | 'path'>): Location[] {
  if (route.path === '/') return [{ match: '^~', path: '/', ...way }]
  return [
    { match: '=', path: route.path, ...way },
    { match: '^~', path: `${route.path}/`, ...way },
  ]
}

function spokenBehind(route: SiteRoute, upstreams: readonly Upstream[]): Location['speaks'] {
  const behind = upstreams.filter(({ name }) => name === route.blue || name === route.green)
  const ofGrpc = behind.filter(({ protocol }) => protocol === 'grpc')
  if (ofGrpc.length === 0) return 'http'
  return ofGrpc.length === behind.length ? 'grpc' : 'either'
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
