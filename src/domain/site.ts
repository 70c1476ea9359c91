import type { Color } from './color.ts'
import type { Delivery } from './delivery.ts'

/** One address book entry of nginx: a service's port in one color, by the name that only that color bears. */
export type Upstream = {
  name: string
  color: Color
  service: string
  host: string
  port: number
  protocol?: 'grpc'
}

/** Where a route leads in each color; a color whose release lacks the route has none. */
export type SiteRoute = {
  host: string | undefined
  path: string
  blue: string | undefined
  green: string | undefined
}

export type Listener = { port: number; previewPort: number; routes: SiteRoute[] }

/** All that one generation of an app's nginx configuration says; templates see nothing else. */
export type Site = {
  app: string
  generation: number
  /** The color users are sent to; undefined: nothing was deployed yet, users get 503. */
  active: Color | undefined
  releases: { blue: string | undefined; green: string | undefined }
  listeners: Listener[]
  upstreams: Upstream[]
  managementPort: number
  drainTimeoutMs: number
  delivery: Delivery
}

/**
 * The name by which the proxy knows a service in a color, and no container of the other color does. It ends in
 * `.internal`, which ICANN keeps out of the public DNS: Docker forwards names it does not know, and
 * `web.green.shop` or `web.blue.app` could be somebody's real host, which users' requests would then reach.
 * Lower case, because nginx asks its resolver so.
 */
export function upstreamHost(service: string, color: Color, app: string): string {
  return `${service}.${color}.${app}.internal`.toLowerCase()
}
