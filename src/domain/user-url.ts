import type { Tls } from './delivery.ts'
import type { Route } from './service.ts'

/** The address that users type for a route. */
export function userUrl(
  { host, listen, path }: Pick<Route, 'host' | 'listen' | 'path'>,
  tls: Tls | undefined,
): string {
  const scheme = listen === tls?.listen ? 'https' : 'http'
  // URL leaves out the port that the scheme implies. `*.shop.example` is a pattern, and no host.
  return new URL(`${scheme}://${host?.replace(/^\*\./, 'www.') ?? '127.0.0.1'}:${listen}${path}`).href
}

/** The address of the first route that users should come by: with TLS where there is one. */
export function firstUserUrl(routes: readonly Route[], tls: Tls | undefined): string | undefined {
  const first = routes.find((route) => route.listen === tls?.listen) ?? routes[0]
  return first && userUrl(first, tls)
}
