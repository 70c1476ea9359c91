import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { buildSite } from '../../src/domain/build-site.ts'
import type { Route } from '../../src/domain/service.ts'
import { withTlsRoutes } from '../../src/domain/tls-routes.ts'
import { deliveryFiles } from '../../src/infra/nginx/delivery-files.ts'
import { createDockerDriver } from '../../src/infra/nginx/docker-driver.ts'
import type { ProxyFile } from '../../src/infra/nginx/driver.ts'
import { generationFiles } from '../../src/infra/nginx/generation-files.ts'
import { CONFIG_ROOT } from '../../src/infra/nginx/layout.ts'
import { readTemplates } from '../../src/infra/nginx/render.ts'
import { load } from '../config/load-fixture.ts'
import { imageFromSetup } from '../support/apps.ts'
import { runDocker } from './support/nginx-lab.ts'

const SITES = 60
const support = (name: string) => fileURLToPath(new URL(`../support/certificate/${name}`, import.meta.url))

const port = fc.integer({ min: 1_025, max: 65_535 })
const label = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/)
const host = fc.tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 })).map(([any, labels]) => {
  return `${any && labels.length > 1 ? '*.' : ''}${labels.join('.')}`
})
const path = fc.oneof(
  fc.constant('/'),
  fc.stringMatching(/^(\/[\x21-\x7e]{1,12}){1,3}$/),
  fc.string({ unit: 'grapheme', maxLength: 10 }).map((text) => `/${text}`),
)
const seconds = fc.oneof(
  fc.integer({ min: 1, max: 604_800 }),
  fc.constantFrom('500ms', '1.5s', '75s', '2m', '1h'),
)
const route = fc.record(
  {
    listen: fc.oneof(port, fc.constantFrom(80, 8080)),
    host,
    path,
    service: fc.stringMatching(/^[a-zA-Z0-9._-]{1,20}$/),
    port,
    protocol: fc.constantFrom('http', 'grpc'),
  },
  { requiredKeys: ['listen', 'service', 'port'] },
)
const written = fc.record(
  {
    app: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,39}$/),
    routes: fc.uniqueArray(route, { minLength: 1, maxLength: 6, selector: (each) => JSON.stringify(each) }),
    drain: seconds,
    long_connections: fc.constantFrom('keep', 'close', 'spread'),
    proxy: fc.record(
      {
        http2: fc.boolean(),
        expose_release: fc.boolean(),
        gzip: fc.boolean(),
        max_body_size: fc.oneof(fc.nat(), fc.constantFrom('0', '1', '512k', '10M', '999999999g')),
        connect_timeout: seconds,
        read_timeout: seconds,
        send_timeout: seconds,
        error_page: fc.constant('down.html'),
      },
      { requiredKeys: [] },
    ),
    tls: fc.record(
      {
        certificate: fc.constant('a'),
        key: fc.constant('b'),
        listen: port,
        redirect: fc.boolean(),
        hsts: fc.boolean(),
      },
      { requiredKeys: ['certificate', 'key'] },
    ),
  },
  { requiredKeys: ['routes'] },
)

const TEST_EACH = `
for test in /etc/verdigris/sites/*/generations/*/test.conf; do
  nginx -t -q -c "$test" || { echo "refused: $test"; failed=1; }
done
exit \${failed:-0}`

test('whatever the settings accept, nginx accepts', async () => {
  const templates = await readTemplates(undefined)
  const files: ProxyFile[] = []
  const texts: string[] = []
  for (const settings of fc.sample(written, 40 * SITES)) {
    if (texts.length === SITES) break
    const yaml = stringify(settings)
    const loaded = await load({ yaml }).catch(() => undefined)
    if (loaded === undefined) continue
    texts.push(yaml)
    files.push(...(await filesOf(loaded.settings, { templates, generation: texts.length })))
  }
  expect(texts).toHaveLength(SITES)
  const { exitCode, output } = await createDockerDriver(runDocker).tryOut({
    image: imageFromSetup('PROXY_IMAGE'),
    argv: ['sh', '-c', TEST_EACH],
    directory: CONFIG_ROOT,
    files,
  })
  const index = Number(/generations\/(\d+)-/.exec(output)?.[1] ?? 0)
  expect(output, texts[index - 1]).toBe('')
  expect(exitCode).toBe(0)
}, 120_000)

type Loaded = Awaited<ReturnType<typeof load>>['settings']

async function filesOf(
  settings: Loaded,
  { generation, templates }: { generation: number; templates: Awaited<ReturnType<typeof readTemplates>> },
): Promise<ProxyFile[]> {
  const routes = withTlsRoutes(settings.routes as Route[], settings.delivery.tls)
  const listens = [...new Set(routes.map((each) => each.listen))]
  const site = buildSite({
    app: settings.app,
    generation,
    active: 'blue',
    colors: { blue: { release: 'blue-20260129-101530', routes } },
    ports: {
      management: 900,
      previews: Object.fromEntries(listens.map((each, index) => [each, 901 + index])),
    },
    drainTimeoutMs: settings.drainTimeoutMs,
    delivery: settings.delivery,
  })
  const kept = { certificate: support('test.crt'), key: support('test.key'), errorPage: support('test.crt') }
  const own = (of: typeof site, folder: string) =>
    deliveryFiles({ site: of, folder, files: kept, installed: async () => undefined })
  return await generationFiles({ templates, own }, site, `${generation}-x`)
}
