import { expect, test } from 'vitest'
import { type InitInput, renderInit } from '../../src/config/init.ts'
import { allKeys } from '../../src/config/known-keys.ts'
import { UPGRADE_FILE } from '../../src/config/schema.ts'
import { load } from './load-fixture.ts'

const FILES = { '/srv/shop/compose.production.yaml': 'services: {}' }
const SHOP: InitInput = {
  app: 'shop',
  services: [
    { name: 'web', class: 'colored', reason: 'nothing says\notherwise' },
    { name: 'db', class: 'shared', reason: 'mounts a volume: data' },
  ],
  routes: [
    { listen: 80, host: '*.shop.example', path: '/', service: 'web', port: 3000 },
    { listen: 80, host: undefined, path: '/a,b', service: 'web', port: 3000 },
  ],
}
const ODD: InitInput = {
  app: '1e3',
  services: [{ name: 'null', class: 'job', reason: '#' }],
  routes: [{ listen: 80, host: '10.0.0.1', path: '/1', service: '1.0', port: 1 }],
}

/** Every setting taken out of its comment. */
function uncomment(text: string): string {
  return text.replaceAll(/^#(?=\S| {2})/gm, '')
}

test('what init writes changes nothing', async () => {
  const before = await load({})
  const { settings, file } = await load({ yaml: renderInit(SHOP) })
  expect(settings).toEqual(before.settings)
  expect(file).toBe('/srv/shop/upgrade.yaml')
})

test('every setting is in it', () => {
  const text = renderInit(SHOP)
  const names = allKeys(UPGRADE_FILE).map((key) => key.split('.').at(-1))
  expect(names.filter((name) => !text.includes(`${name}: `) && !text.includes(`#${name}:\n`))).toEqual([])
})

test('its comments are valid settings, and show the defaults', async () => {
  const { settings: defaults } = await load({})
  const { settings } = await load({ yaml: uncomment(renderInit(SHOP)), files: FILES })
  const { health, rollbackLimit, autoSwitch, autoCleanup, deploymentDir, drainTimeoutMs, watchMs, probe } =
    defaults
  expect(settings).toMatchObject({
    rollbackLimit,
    autoSwitch,
    autoCleanup,
    deploymentDir,
    drainTimeoutMs,
    watchMs,
    probe,
  })
  expect({ ...settings.health, check: undefined }).toEqual(health)
  expect(settings.health.check?.requestTimeoutMs).toBe(5_000)
  expect(settings.proxy.image).toBe(defaults.proxy.image)
})

test('the services and routes that were found are in it as they are', async () => {
  const { settings } = await load({ yaml: uncomment(renderInit(SHOP)), files: FILES })
  expect(settings.services).toMatchObject({ web: { class: 'colored' }, db: { class: 'shared' } })
  expect(settings.routes).toEqual(SHOP.routes)
})

test('names that YAML would take for something else are quoted', async () => {
  const { settings } = await load({ yaml: uncomment(renderInit(ODD)), files: FILES })
  expect(settings.app).toBe('1e3')
  expect(settings.services).toMatchObject({ null: { class: 'job' } })
  expect(settings.routes).toEqual(ODD.routes)
})

test('an app of which nothing is known gets examples', async () => {
  const yaml = uncomment(renderInit({ app: 'shop', services: [], routes: [] }))
  const { settings } = await load({ yaml, files: FILES })
  expect(settings.routes).toHaveLength(1)
})

test('editors find the schema', () => {
  const [first] = renderInit(SHOP).split('\n')
  expect(first).toBe('# yaml-language-server: $schema=node_modules/verdigris/schema/upgrade.schema.json')
})
