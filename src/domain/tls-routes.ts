import type { Tls } from './delivery.ts'
import type { Route } from './service.ts'

/** Routes with those of the TLS port: where none is written for it, it leads where the lowest port leads. */
export function withTlsRoutes(routes: readonly Route[], tls: Tls | undefined): Route[] {
  if (tls === undefined || routes.length === 0 || routes.some((route) => route.listen === tls.listen))
    return [...routes]
  const lowest = Math.min(...routes.map((route) => route.listen))
  const copied = routes.filter((route) => route.listen === lowest)
  return [...routes, ...copied.map((route) => ({ ...route, listen: tls.listen }))]
}
