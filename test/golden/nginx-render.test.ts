import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildSite } from '../../src/domain/build-site.ts'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import { type Expected, failureOf } from '../../src/domain/failure.ts'
import type { Site } from '../../src/domain/site.ts'
import { generationFiles, madeOf, type Sources } from '../../src/infra/nginx/generation-files.ts'
import { CURRENT_SITES } from '../../src/infra/nginx/layout.ts'
import { readTemplates, renderMain, renderSite, type TemplateName } from '../../src/infra/nginx/render.ts'
import { goldenSites } from './nginx-sites.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdigris-templates-'))
})
afterEach(async () => await rm(folder, { recursive: true }))

const anySite = goldenSites['both-colors'] as Site

test.each(Object.entries(goldenSites))('%s renders as it is kept', async (name, site) => {
  const text = await renderSite(await readTemplates(undefined), site, `${site.generation}-golden`)
  await expect(text).toMatchFileSnapshot(`nginx/${name}.conf`)
})

test('all hosts of a port share a server, those with the very same routes a table, routes to the same place a variable', async () => {
  const site = goldenSites['hosts-alike'] as Site
  const text = await renderSite(await readTemplates(undefined), site, '7-x')
  expect(text.match(/^server \{/gm)).toHaveLength(3)
  expect(text.match(/server_name shop\.any\.invalid \*\.example\.org admin\.example\.com;/g)).toHaveLength(2)
  expect(text).toMatch(/ \*\.example\.org 1;\n {2}admin\.example\.com 1;/)
  expect(text.match(/^map \$vd_shop_color /gm)).toHaveLength(2)
})

test('the main configuration renders as it is kept', async () => {
  const text = await renderMain(await readTemplates(undefined), anySite, CURRENT_SITES)
  await expect(text).toMatchFileSnapshot('nginx/nginx.conf')
})

test.each([
  ['keep', ['auto', undefined], undefined],
  ['close', ['auto', '31000ms'], undefined],
  ['spread', ['16', '31000ms'], '10000 20000\n'],
] as const)('long connections: %s', async (longConnections, [workers, cutAfter], spread) => {
  const site = { ...anySite, delivery: { ...PLAIN_DELIVERY, longConnections } }
  const templates = await readTemplates(undefined)
  const files = await generationFiles({ templates, own: async () => [] }, site, '7-golden')
  const content = (name: string) =>
    files.flatMap((file) => ('content' in file && file.path.endsWith(`/${name}`) ? [file.content] : []))[0]
  expect(content('nginx.conf')).toContain(`worker_processes ${workers};`)
  expect(/worker_shutdown_timeout (?<time>\w+)/.exec(content('nginx.conf') ?? '')?.groups?.time).toBe(
    cutAfter,
  )
  expect(content('spread')).toBe(spread)
})

test('sites that differ by number and color only are made of the same; what else differs is told', async () => {
  const templates = await readTemplates(undefined)
  const own = (text: string): Sources['own'] => {
    return async (_, folder) => [
      { path: `sites/shop/generations/${folder}/tls.crt`, content: text, mode: 0o600 },
    ]
  }
  const sum = async (site: Site, change: Partial<Sources> = {}) =>
    await madeOf({ templates, own: own('a'), ...change }, site)
  const made = await sum(anySite)
  expect(made).toMatch(/^[0-9a-f]{64}$/)
  expect(await sum({ ...anySite, generation: 99, active: 'green' })).toBe(made)
  const inFiles = await generationFiles({ templates, own: own('a') }, anySite, '7-golden')
  expect(inFiles).toContainEqual(expect.objectContaining({ content: `${made}\n` }))
  for (const other of [
    await sum({ ...anySite, releases: { ...anySite.releases, green: 'green-other' } }),
    await sum({ ...anySite, drainTimeoutMs: 1 }),
    await sum(anySite, { own: own('b') }),
    await sum(anySite, { templates: { ...templates, 'proxy.conf.ejs': '' } }),
  ]) {
    expect(other).toMatch(/^[0-9a-f]{64}$/)
    expect(other).not.toBe(made)
  }
  const unmoved = { ...templates, 'site.conf.ejs': templates['site.conf.ejs'].replaceAll('leads-to-', 'to-') }
  expect(await sum(anySite, { templates: unmoved })).toBeUndefined()
  expect(
    await sum({ ...anySite, delivery: { ...PLAIN_DELIVERY, longConnections: 'spread' } }),
  ).toBeUndefined()
})

test("a user's template takes the place of the built-in one, and only that one", async () => {
  await writeFile(join(folder, 'proxy.conf.ejs'), '  proxy_read_timeout 7s; # <%= site.app %>\n')
  const text = await renderSite(await readTemplates(folder), anySite, '7-x')
  expect(text).toContain('proxy_read_timeout 7s; # shop')
  expect(text).not.toContain('X-Forwarded-For')
})

test.each([
  ['a name that does not exist', 'a\n\n<%= site.nmae %>', 3, /site\.nmae does not exist/],
  ['a name of its own that does not exist', '\n<%= typo %>', 2, /typo is not defined/],
  ['a value that breaks out', "<%= site.app + '; load_module x' %>", 1, /cannot stand in an nginx/],
  ['nothing at all', '<%= undefined %>', 1, /cannot stand in an nginx/],
  ['text that passes the guard by', 'a\n<%- site.app %>', 2, /include/],
  ['a file that is no template', "<%- include('../../../etc/passwd') %>", 1, /no template/],
])('a template that renders %s fails with its line', async (_, text, line, reason) => {
  await writeFile(join(folder, 'proxy.conf.ejs'), text)
  const failure = await failureOfRender(anySite, folder)
  expect(failure).toMatchObject({ code: 'template-failed', template: 'proxy.conf.ejs', line })
  expect(failure).toHaveProperty('reason', expect.stringMatching(reason))
})

test('a template that is no template at all fails by name', async () => {
  await writeFile(join(folder, 'site.conf.ejs'), '<% if (site.app) { %>')
  expect(await failureOfRender(anySite, folder)).toMatchObject({
    code: 'template-failed',
    template: 'site.conf.ejs' satisfies TemplateName,
  })
})

test('whatever the settings say, they stand in the configuration as plain words or are refused', async () => {
  const templates = await readTemplates(undefined)
  const word = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.stringMatching(/^[a-z0-9.*;{}"'\\$# \n~-]{1,12}$/),
    fc.constantFrom('example.com', 'a;b', '$x', 'a b', '}\nserver {', '"', '#', '~^a', '\\'),
  )
  await fc.assert(
    fc.asyncProperty(word, word, word, async (host, path, service) => {
      fc.pre(!/^\/+$/.test(path))
      const routes = [{ listen: 80, host, path: `/${path}`, service, port: 3000 }]
      const site = buildSite({
        app: 'shop',
        generation: 1,
        active: 'blue',
        colors: { blue: { release: 'blue-1', routes } },
        ports: { management: 17080, previews: { 80: 17081 } },
        drainTimeoutMs: 1,
        delivery: PLAIN_DELIVERY,
      })
      const text = await renderSite(templates, site, '1-x').catch((error: Expected) => {
        expect(failureOf(error)?.code).toBe('template-failed')
      })
      const plain = [host, path, service].every((each) => /^[^\s;{}"'\\$#\p{C}]+$/u.test(each))
      if (text !== undefined) expect(plain).toBe(true)
      // No value adds a directive or a block: the text has as many as with harmless words.
      if (text !== undefined)
        expect(shapeOf(text)).toEqual(shapeOf(await renderSite(templates, harmless, '1-x')))
    }),
    { numRuns: 200 },
  )
})

const harmless = buildSite({
  app: 'shop',
  generation: 1,
  active: 'blue',
  colors: {
    blue: {
      release: 'blue-1',
      routes: [{ listen: 80, host: 'h', path: '/p', service: 's', port: 3000 }],
    },
  },
  ports: { management: 17080, previews: { 80: 17081 } },
  drainTimeoutMs: 1,
  delivery: PLAIN_DELIVERY,
})

function shapeOf(text: string) {
  return Object.fromEntries([...';{}"\''].map((mark) => [mark, text.split(mark).length]))
}

async function failureOfRender(site: Site, templatesDir: string) {
  try {
    return await renderSite(await readTemplates(templatesDir), site, '7-x')
  } catch (error) {
    return failureOf(error) ?? error
  }
}
