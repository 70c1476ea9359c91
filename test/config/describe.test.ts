import { expect, test } from 'vitest'
import { describeSettings } from '../../src/config/describe.ts'
import { load } from './load-fixture.ts'

async function rowsOf(given: Parameters<typeof load>[0]) {
  const { settings, origins } = await load(given)
  return describeSettings(settings, origins)
}

test('every setting has a row, with its default where nothing is set', async () => {
  const rows = await rowsOf({})
  expect(rows.map(({ key, value }) => [key, value])).toEqual([
    ['app', 'shop'],
    ['compose', 'as Compose finds it'],
    ['deployments', '/srv/shop/deployments'],
    ['rollback_limit', '5'],
    ['auto_switch', 'false'],
    ['auto_cleanup', 'false'],
    ['health.timeout', '60s'],
    ['health.interval', '2s'],
    ['health.successes', '1'],
    ['migrate', 'none'],
    ['drain', '30s'],
    ['long_connections', 'close'],
    ['watch', '0s'],
    ['probe', 'true'],
    ['proxy.image', 'nginx:stable-alpine'],
    ['proxy.preview_port', 'a free port'],
    ['proxy.management_port', 'a free port'],
    ['proxy.http2', 'true'],
    ['proxy.expose_release', 'false'],
    ['proxy.gzip', 'false'],
    ['proxy.max_body_size', 'any'],
    ['proxy.connect_timeout', '5s'],
    ['proxy.read_timeout', '1h'],
    ['proxy.send_timeout', '1h'],
    ['proxy.error_page', 'none'],
    ['proxy.maintenance_page', 'built in'],
    ['tls', 'none'],
    ['templates', 'built in'],
  ])
  expect(rows.every(({ origin }) => origin.from === 'default')).toBe(true)
})

test('rows say where a value came from', async () => {
  const yaml = 'health: {path: /up}\nroutes:\n  - {listen: 80, service: web, port: 3000}\n'
  const rows = await rowsOf({
    yaml,
    environment: { HEALTH_CHECK_TIMEOUT: '90' },
    flags: { autoSwitch: true },
  })
  const file = '/srv/shop/upgrade.yaml'
  expect(rows).toEqual(
    expect.arrayContaining([
      { key: 'auto_switch', value: 'true', origin: { from: 'flag', name: '--auto-switch' } },
      { key: 'health.timeout', value: '90s', origin: { from: 'environment', name: 'HEALTH_CHECK_TIMEOUT' } },
      { key: 'health.path', value: '/up', origin: { from: 'file', file, line: 1 } },
      { key: 'health.status', value: '200-399', origin: { from: 'default' } },
      { key: 'routes[0]', value: '80 */ -> web:3000', origin: { from: 'file', file, line: 3 } },
    ]),
  )
})

test('headers that look secret are masked, wherever they stand', async () => {
  const headers = '{Authorization: s3cret, cookie: s3cret, X-Api-Key: s3cret, X-Token: s3cret, Host: a.b}'
  const check = `{path: /, headers: ${headers}}`
  const rows = await rowsOf({
    yaml: `health: ${check}\nservices: {web: {health: ${check}}}\nsmoke: [${check}]\n`,
  })
  expect(JSON.stringify(rows)).not.toContain('s3cret')
  expect(rows.filter(({ value }) => value === '***')).toHaveLength(12)
  expect(rows.filter(({ value }) => value === 'a.b')).toHaveLength(3)
})
