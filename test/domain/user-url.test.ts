import { describe, expect, test } from 'vitest'
import { firstUserUrl, userUrl } from '../../src/domain/user-url.ts'

const tls = { listen: 443, redirect: true, hsts: false }
const route = (listen: number, host?: string, path = '/') => ({
  listen,
  host,
  path,
  service: 'web',
  port: 80,
})

describe('the address of a route', () => {
  test.each([
    [route(8080), undefined, 'http://127.0.0.1:8080/'],
    [route(80, 'shop.example', '/api'), undefined, 'http://shop.example/api'],
    [route(443, 'shop.example'), tls, 'https://shop.example/'],
    [route(80, 'shop.example'), tls, 'http://shop.example/'],
    [route(8443), { ...tls, listen: 8443 }, 'https://127.0.0.1:8443/'],
    [route(80, '*.shop.example'), undefined, 'http://www.shop.example/'],
  ])('%j with %j', (each, with_, url) => {
    expect(userUrl(each, with_)).toBe(url)
  })

  test('that users should come by is the one with TLS', () => {
    expect(firstUserUrl([route(80), route(443)], tls)).toBe('https://127.0.0.1/')
    expect(firstUserUrl([route(80), route(8080)], undefined)).toBe('http://127.0.0.1/')
    expect(firstUserUrl([], tls)).toBeUndefined()
  })
})
