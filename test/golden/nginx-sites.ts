import { buildSite, type SiteFacts } from '../../src/domain/build-site.ts'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import type { Route } from '../../src/domain/service.ts'
import type { Site } from '../../src/domain/site.ts'

const web: Route = { listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }
const api: Route = { ...web, path: '/api', service: 'api', port: 8080 }
const admin: Route = { ...web, host: 'admin.example.com', service: 'admin', port: 4000 }
const wildcard: Route = { ...web, host: '*.example.com', service: 'tenants' }
const calls: Route = { ...web, path: '/shop.Orders', service: 'orders', port: 50051, protocol: 'grpc' }
const later: Route = { ...web, path: '/shop.Stock', service: 'stock', port: 50052 }
const tls: Route = { ...web, listen: 8443 }

function site(facts: Partial<SiteFacts>): Site {
  return buildSite({
    app: 'shop',
    generation: 7,
    active: 'blue',
    colors: {},
    ports: { management: 17080, previews: { 80: 17081 } },
    drainTimeoutMs: 30_000,
    delivery: PLAIN_DELIVERY,
    ...facts,
  })
}

/** The sites whose rendered configuration is kept in golden/nginx, by the name of the file. */
export const goldenSites: Readonly<Record<string, Site>> = {
  'nothing-deployed': site({ generation: 1, active: undefined }),
  'first-release': site({
    generation: 1,
    active: undefined,
    colors: { blue: { release: 'blue-20260129-101530', routes: [web] } },
  }),
  'one-color': site({ colors: { blue: { release: 'blue-20260129-101530', routes: [web] } } }),
  'place-of-one-color': site({
    colors: {
      blue: { release: 'blue-20260129-101530', routes: [api] },
      green: { release: 'green-20260130-090000', routes: [admin] },
    },
  }),
  'both-colors': site({
    active: 'green',
    colors: {
      blue: { release: 'blue-20260129-101530', routes: [web] },
      green: { release: 'green-20260130-090000', routes: [web] },
    },
  }),
  'hosts-and-paths': site({
    app: 'my-big_shop',
    colors: { blue: { release: 'blue-20260129-101530', routes: [web, api, admin, wildcard, tls] } },
    ports: { management: 17080, previews: { 80: 17081, 8443: 17082 } },
  }),
  'grpc-beside-http': site({
    colors: {
      blue: { release: 'blue-20260129-101530', routes: [web, calls, { ...later, protocol: 'grpc' }] },
      green: { release: 'green-20260130-090000', routes: [web, calls, later] },
    },
  }),
  'only-named-hosts': site({ colors: { blue: { release: 'blue-20260129-101530', routes: [admin] } } }),
  'hosts-alike': site({
    colors: {
      blue: { release: 'blue-20260129-101530', routes: [web, admin, { ...admin, host: '*.example.org' }] },
    },
  }),
  'every-setting': site({
    colors: { blue: { release: 'blue-20260129-101530', routes: [web, tls] } },
    ports: { management: 17080, previews: { 80: 17081, 8443: 17082 } },
    delivery: {
      ...PLAIN_DELIVERY,
      exposeRelease: true,
      gzip: true,
      maxBodyBytes: 10_485_760,
      errorPage: true,
      tls: { listen: 8443, redirect: true, hsts: true },
    },
  }),
  'different-tables': site({
    colors: {
      blue: { release: 'blue-20260129-101530', routes: [web, api] },
      green: { release: 'green-20260130-090000', routes: [{ ...web, port: 3100 }, admin] },
    },
  }),
}
