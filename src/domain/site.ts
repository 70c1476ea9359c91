import type { Color } from './color.ts'
import type { Delivery } from './delivery.ts'
import { distinctName } from './distinct-name.ts'

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
 * Lower case, because nginx asks its resolver so; what is no name in DNS becomes one.
 */
export function upstreamHost(service: string, color: Color, app: string): string {
  return `${nameInDns(service)}.${color}.${app}.internal`
}

/** A service's name in DNS, no other service's: by this nginx knows it, too. */
export function nameInDns(service: string): string {
  return distinctName(service, isDnsName)
}

// RFC 1035: labels of 63 characters, 253 in all; Docker and nginx take underscores as well.
function isDnsName(name: string): boolean {
  return name.length <= LONGEST_IN_DNS && name.split('.').every((label) => DNS_LABEL.test(label))
}

const DNS_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
const LONGEST_IN_DNS = 150
