import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatBytes, parseBytes } from '../../src/config/size.ts'
import { diagnose, load } from './load-fixture.ts'

test.each([
  ['10m', 10_485_760],
  ['512K', 524_288],
  ['1g', 1_073_741_824],
  [0, 0],
  [1_000, 1_000],
])('%s is a size', (written, bytes) => {
  expect(parseBytes(written)).toBe(bytes)
})

test('a size that is shown is read back as the same', () => {
  fc.assert(fc.property(fc.nat(999_999_999), (bytes) => parseBytes(formatBytes(bytes)) === bytes))
})

test('what TLS and the proxy are told stands in the settings, files beside upgrade.yaml', async () => {
  const { settings } = await load({
    yaml: 'tls: {certificate: tls/a.crt, key: /etc/a.key, redirect: true}\nproxy: {max_body_size: 10m, error_page: down.html}\nlong_connections: keep\n',
  })
  expect(settings.delivery).toMatchObject({
    longConnections: 'keep',
    maxBodyBytes: 10_485_760,
    errorPage: true,
    tls: { listen: 443, redirect: true, hsts: false },
  })
  expect(settings.deliveryFiles).toEqual({
    certificate: '/srv/shop/tls/a.crt',
    key: '/etc/a.key',
    errorPage: '/srv/shop/down.html',
  })
})

test.each([
  'proxy: {max_body_size: 10mb}',
  'proxy: {connect_timeout: 2m}',
  'tls: {certificate: a}',
  'long_connections: sometimes',
  'tls: {certificate: a, key: b}\nproxy: {preview_port: 443}',
])('%s is refused with its place', async (yaml) => {
  const [first] = await diagnose({ yaml })
  expect(first?.place?.line).toBeGreaterThan(0)
})
