import { describe, expect, test } from 'vitest'
import { diagnose, faults } from './load-fixture.ts'

const EVERYTHING_WRONG = `app: shop-blue
rolback_limit: 3
autoSwitch: true
timeout: 3
auto_cleanup: yes
health:
  path: up
  status: 399-200
  body: "(["
  interval: 5 minutes
services:
  web: {class: colord, health: {headers: {X-Try: 1}}}
  "a b": {}
  db:
routes:
  - listen: 80
    service: web
  - 7
proxy:
  preview_port: 99999
`

test('all that is wrong is told at once, each with its place, in the order of the file', async () => {
  const environment = { ROLLBACK_LIMIT: 'x', PREVIEW_PORT: '1.5' }
  expect(await faults({ yaml: EVERYTHING_WRONG, environment, flags: { timeout: 'soon' } })).toEqual([
    '1:6 app Expected a name of at most 40 lower-case letters, digits, "-" and "_" that does not end in -blue, -green or -proxy; found "shop-blue". ("-blue" is added to the name for a compose project of this tool\'s own; leave it out.)',
    '2:1 rolback_limit There is no setting "rolback_limit" here. (Did you mean "rollback_limit"?)',
    '3:1 autoSwitch There is no setting "autoSwitch" here. (Did you mean "auto_switch"?)',
    '4:1 timeout There is no setting "timeout" here. (Did you mean "health.timeout"?)',
    '5:15 auto_cleanup Expected true or false; found "yes". (Write true.)',
    '7:9 health.path Expected a path that starts with "/", without white space, quotes or any of ; { } $ \\ #; found "up". (Write "/up".)',
    '8:11 health.status Expected a status such as 200, a range such as "200-399", a list of these, or any; found "399-200".',
    '9:9 health.body Expected a regular expression as JavaScript knows them; found "([". (Invalid regular expression: /([/: Unterminated character class.)',
    '10:13 health.interval Expected a duration of at least 100ms: seconds, or a text such as "500ms", "30s", "2m"; found "5 minutes".',
    '12:16 services.web.class Expected one of shared, colored, singleton, job; found "colord". (Did you mean "colored"?)',
    '12:50 services.web.health.headers.X-Try Expected a text of visible ASCII signs and spaces; found 1. (Put it in quotes: "1".)',
    '13:3 services.a b Expected the name of a service of the compose file; found "a b".',
    '14:3 services.db Expected a map with class, health, quiet; found nothing. (Write a value, or leave the line out.)',
    '16:5 routes[0].port "port" is missing: expected a whole number from 1 to 65535.',
    '18:5 routes[1] Expected a map with listen, host, path, service, port, protocol; found 7.',
    '20:17 proxy.preview_port Expected a whole number from 1 to 65535; found 99999.',
    '- ROLLBACK_LIMIT Expected a whole number from 1 to 1000; found "x".',
    '- PREVIEW_PORT Expected a whole number from 1 to 65535; found "1.5".',
    '- --timeout Expected a duration of at least 1s: seconds, or a text such as "500ms", "30s", "2m"; found "soon".',
  ])
})

test('a place holds the file and the line as it is written', async () => {
  const [first] = await diagnose({ yaml: 'watch: 5\r\n  \r\ndrain: never # yet\r\n' })
  expect(first?.place).toEqual({
    file: '/srv/shop/upgrade.yaml',
    line: 3,
    column: 8,
    text: 'drain: never # yet',
  })
})

describe('YAML that cannot be read', () => {
  test.each([
    ['app: [a', '1:8 Flow sequence in block collection must be sufficiently indented and end with a ].'],
    ['app: a\n\tdrain: 5', '2:1 Tabs are not allowed as indentation. (Indent with spaces.)'],
    ['app: a\ndrain: 5\napp: b', '3:1 This key is written twice. (Keep one of the two.)'],
    ['app: a\n\ndrain: *nope', '3:8 Unresolved alias (the anchor must be set before the alias): nope.'],
    ['app: !mine a', '1:6 Unresolved tag: !mine.'],
    ['- app', '1:1 Expected a map of settings; found a list.'],
  ])('%j', async (yaml, wanted) => {
    expect(await faults({ yaml })).toContain(wanted)
  })

  test('a program or an archive is told as what it is, in one line', async () => {
    const yaml = '\u007fELF\u0002\0\0: [\n\t- %s online help: <%s>\n'
    expect(await faults({ yaml })).toEqual(['1:1 This is no text file.'])
  })

  test('a second document is refused', async () => {
    const [first] = await diagnose({ yaml: 'app: a\n---\napp: b\n' })
    expect(first?.place?.line).toBe(2)
  })

  test('a key that is written twice does not hide other mistakes', async () => {
    const told = await diagnose({ yaml: 'app: a\napp: b\ndrain: x\n' })
    expect(told.map(({ place }) => place?.line)).toEqual([2, 3])
  })
})

describe('values that could do harm, or nothing', () => {
  test.each([
    ['app', ['Shop', '-shop', 'shop-green', 'a-proxy', 'sh.op', 'ä', `${'a'.repeat(41)}`, '""']],
    ['rollback_limit', ['0', '-1', '1.5', '"5"', 'true', '.nan', '1e9']],
    ['auto_switch', ['1', '"true"', 'on']],
    ['deployments', ['""', '" "', '"a\\nb"', '[a]']],
    ['drain', ['0', '500ms', '-1', '1d', '"30 s"', '9999h', '.inf', 'true']],
    ['watch', ['-1', '1s 2m', '[1]']],
    [
      'health.path',
      ['up', 'http://a/', '"/a b"', '/a;b', '"/{a}"', '/$a', '"/\'"', '"/a\\\\b"', '"/a\\n"', '/a#b'],
    ],
    ['health.status', ['99', '600', '200-', '[]', '[any]', 'ok', '2xx', '400-300', '200.5']],
    ['health.body', ['"*"', '5']],
    ['health.headers', ['{X_Y: a}', '{"X:": a}', '{A: "b\\nc"}', '{A: " b"}', '{A: ä}', '[A]', '{A: 1}']],
    ['health.successes', ['0', '1.5']],
    ['health.interval', ['0', '99ms']],
    ['proxy.image', ['""', '"nginx latest"', '"nginx;"', '-nginx', '"a\\nb"']],
    ['proxy.preview_port', ['0', '65536', '80.5', '"80"']],
    ['services.web.class', ['stateful', '1']],
  ])('%s', async (key, values) => {
    const nested = (value: string) =>
      key.split('.').reduceRight((below, part) => `{${part}: ${below}}`, value)
    for (const value of values) {
      const told = await diagnose({ yaml: nested(value) })
      expect({ value, told: told.length }).toEqual({ value, told: 1 })
      expect(told[0]?.path).toMatch(key)
    }
  })

  test.each(['shop.example.com', '*.example.com', 'localhost', 'a-1.b', '10.0.0.1'])(
    'a route may have the host %s',
    async (host) => {
      expect(await faults({ yaml: `routes: [{listen: 80, host: "${host}", service: w, port: 1}]` })).toEqual(
        [],
      )
    },
  )

  test.each([
    '',
    '*',
    'a b',
    'a_b',
    '-a',
    'a-',
    'a..b',
    'a.',
    'http://a',
    'a:80',
    'a;b',
    '~a',
    '*.*.a',
    '$host',
    `${'a'.repeat(64)}`,
  ])('a route cannot have the host %j', async (host) => {
    const [first] = await diagnose({ yaml: `routes: [{listen: 80, host: "${host}", service: w, port: 1}]` })
    expect(first?.path).toBe('routes[0].host')
  })

  test('a path of a route has no query', async () => {
    const [first] = await diagnose({ yaml: 'routes: [{listen: 80, path: /a?b, service: w, port: 1}]' })
    expect(first?.path).toBe('routes[0].path')
  })

  test('a file that is named must exist', async () => {
    expect(await faults({ yaml: 'compose:\n  - compose.yaml\n  - nope.yaml\n' })).toEqual([
      '3:5 compose Expected a compose file that exists; found "/srv/shop/nope.yaml".',
    ])
    expect((await diagnose({ yaml: 'compose: nope.yaml\n' }))[0]?.place?.column).toBe(10)
    expect(await faults({ flags: { config: 'nope.yaml' } })).toEqual([
      '- --config Expected a file that exists; found "nope.yaml".',
    ])
  })
})

describe('what would break out of the nginx configuration is refused where it is written', () => {
  const SIGNS = [';', '{', '}', '"', "'", '`', '$', '\\', '#', ' ', '\t', '\n', '\r', '\0', '\u2028', 'é']
  const route = (key: string) => (value: string) =>
    `routes:\n  - {listen: 80, service: web, port: 1}\n  - {listen: 81, port: 1, ${key === 'service' ? '' : 'service: web, '}${key}: ${value}}`
  const written: [string, string, number, (value: string) => string][] = [
    ['app', 'shop', 2, (value) => `# shop\napp: ${value}`],
    ['routes[1].host', 'a.b', 3, route('host')],
    ['routes[1].path', '/a', 3, route('path')],
    ['routes[1].service', 'web', 3, route('service')],
  ]

  test.each(written)('%s', async (path, good, line, yamlOf) => {
    const source = (value: string) => yamlOf(JSON.stringify(value))
    expect(await faults({ yaml: source(good) })).toEqual([])
    for (const sign of SIGNS) {
      for (const value of [`${good}${sign}`, `${good}${sign}x`]) {
        const told = await diagnose({ yaml: source(value) })
        const column = (source(value).split('\n')[line - 1] ?? '').indexOf(JSON.stringify(value)) + 1
        expect({ value, told }).toMatchObject({ value, told: [{ path, place: { line, column } }] })
      }
    }
  })

  test.each(['\n', '\r', '\0', 'é', '\u2028'])('health.headers, a value with %j', async (sign) => {
    for (const header of [`"X-A": ${JSON.stringify(`a${sign}b`)}`, `${JSON.stringify(`X${sign}A`)}: b`]) {
      const [first] = await diagnose({ yaml: `health:\n  headers: {${header}}` })
      expect(first?.path).toMatch(/^health\.headers/)
      expect(first?.place).toMatchObject({ line: 2 })
    }
  })

  test('a name that comes from elsewhere', async () => {
    for (const sign of SIGNS) {
      const [flag] = await diagnose({ flags: { app: `shop${sign}x` } })
      expect(flag?.path).toBe('--app')
      const [variable] = await diagnose({ environment: { COMPOSE_PROJECT_NAME: `shop${sign}x` } })
      expect(variable?.path).toBe('COMPOSE_PROJECT_NAME')
    }
  })
})

describe('settings that cannot hold together', () => {
  test('a pause longer than the time for all checks', async () => {
    expect(await faults({ yaml: 'health: {interval: 2m}' })).toEqual([
      '1:20 health.interval The pause between two checks, 2m, is longer than the time they all may take, 60s. (Write at most 60s, or a longer health.timeout.)',
    ])
  })

  test('the source that wins is the one that is named', async () => {
    const [first] = await diagnose({
      yaml: 'health: {timeout: 5}',
      environment: { HEALTH_CHECK_INTERVAL: '9' },
    })
    expect(first).toMatchObject({ path: 'HEALTH_CHECK_INTERVAL', place: undefined })
  })

  test('two routes for the same requests, and ports that are taken', async () => {
    const route = (service: string) => `  - {listen: 80, host: ${service}, service: web, port: 1}\n`
    const yaml = `routes:\n${route('a.b')}${route('A.b')}proxy: {preview_port: 80, management_port: 80}\n`
    expect(await faults({ yaml })).toEqual([
      '3:5 routes[1] An earlier route has the same port, host and path. (Keep one of the two, or give them different hosts or paths.)',
      '4:23 proxy.preview_port Port 80 is taken: a route listens on it. (Write another port, or leave it out to get a free one.)',
      '4:44 proxy.management_port Port 80 is taken: a route listens on it. (Write another port, or leave it out to get a free one.)',
    ])
  })

  test('the preview and the management listener share no port', async () => {
    const [first] = await diagnose({ environment: { PREVIEW_PORT: '81', MANAGEMENT_PORT: '81' } })
    expect(first?.message).toBe('Port 81 is taken: it is the preview port.')
  })

  test('gRPC without HTTP/2', async () => {
    const routes = 'routes: [{listen: 80, service: w, port: 1, protocol: grpc}]'
    expect(await faults({ yaml: `${routes}\nproxy: {http2: false}` })).toEqual([
      '2:16 proxy.http2 gRPC is spoken over HTTP/2, which is turned off. (Write true, or leave it out.)',
    ])
  })

  test('what stands beside another mistake is not judged', async () => {
    expect(await faults({ yaml: 'health: {interval: 2m, timeout: x}' })).toHaveLength(1)
  })
})

describe('names that the project cannot have', () => {
  test('a folder whose name ends like a color', async () => {
    const files = { '/srv/shop-blue/compose.yaml': '' }
    const [first] = await diagnose({ files, cwd: '/srv/shop-blue' })
    expect(first).toMatchObject({ path: 'app', place: undefined })
    expect(first?.hint).toBe('Set "app" in upgrade.yaml to a name that fits.')
  })

  test('a name in a compose file, with its place', async () => {
    const [first] = await diagnose({ files: { '/srv/shop/compose.yaml': '# shop\nname: shop-proxy\n' } })
    expect(first?.place).toEqual({
      file: '/srv/shop/compose.yaml',
      line: 2,
      column: 7,
      text: 'name: shop-proxy',
    })
  })

  test('COMPOSE_PROJECT_NAME that Compose would refuse too', async () => {
    const [first] = await diagnose({ environment: { COMPOSE_PROJECT_NAME: 'My.Shop' } })
    expect(first?.path).toBe('COMPOSE_PROJECT_NAME')
  })
})
