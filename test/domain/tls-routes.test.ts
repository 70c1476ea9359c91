import { expect, test } from 'vitest'
import { withTlsRoutes } from '../../src/domain/tls-routes.ts'

const web = { listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }
const admin = { ...web, listen: 8080, service: 'admin' }
const tls = { listen: 443, redirect: false, hsts: false }

test('without TLS routes stay as they are', () => {
  expect(withTlsRoutes([web, admin], undefined)).toEqual([web, admin])
})

test('the TLS port leads where the lowest port leads', () => {
  expect(withTlsRoutes([admin, web], tls)).toEqual([admin, web, { ...web, listen: 443 }])
})

test('a route that names the TLS port is all that it has', () => {
  const own = { ...admin, listen: 443 }
  expect(withTlsRoutes([web, own], tls)).toEqual([web, own])
})
