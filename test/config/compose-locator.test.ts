import { expect, test } from 'vitest'
import type { TextFile } from '../../src/config/compose-files.ts'
import { createComposeLocator } from '../../src/config/compose-locator.ts'

/** A locator over files in memory, of which `main` are the compose files. */
function locatorOf(main: readonly TextFile[], others: Record<string, string> = {}) {
  return createComposeLocator({ files: async () => main, readText: async (path) => others[path] })
}

function locateInCompose({ files, path }: { files: readonly TextFile[]; path: (string | number)[] }) {
  return locatorOf(files).place(path)
}

const BASE = `x-common: &common
  network_mode: host
services:
  web:
    <<: *common
    image: web
    ports: # two
      - "80:3000"
      - target: 3001
        published: 81
    environment:
      - A=1
      - B=2
    networks: [front]
  worker: !reset {image: w}
`
const OVERRIDE = `services:
  web:
    image: other
    ports: ["90:3000"]
`
const FILES = [
  { path: 'compose.yaml', text: BASE },
  { path: 'override.yaml', text: OVERRIDE },
]

test.each<[(string | number)[], string]>([
  [['services', 'web', 'image'], 'override.yaml:3:5'],
  [['services', 'web', 'ports', 0], 'override.yaml:4:13'],
  [['services', 'web', 'ports', 1], 'compose.yaml:9:9'],
  [['services', 'web', 'ports', 1, 'published'], 'compose.yaml:10:9'],
  [['services', 'web', 'network_mode'], 'compose.yaml:2:3'],
  [['services', 'web', 'environment', 'B'], 'compose.yaml:13:9'],
  [['services', 'web', 'networks', 'front'], 'compose.yaml:14:16'],
  [['services', 'worker', 'image'], 'compose.yaml:15:19'],
  [['services', 'worker', 'container_name'], 'compose.yaml:15:3'],
  [['services', 'web', 'depends_on', 'db'], 'override.yaml:2:3'],
  [['services', 'nowhere'], 'override.yaml:1:1'],
])('%j is at %s', async (path, wanted) => {
  const place = await locateInCompose({ files: FILES, path })
  expect(`${place?.file}:${place?.line}:${place?.column}`).toBe(wanted)
})

test('the line is there as it is written', async () => {
  const place = await locateInCompose({ files: FILES, path: ['services', 'web', 'ports'] })
  expect(place?.text).toBe('    ports: ["90:3000"]')
})

test('what no file has is nowhere', async () => {
  expect(await locateInCompose({ files: FILES, path: ['networks', 'front'] })).toBeUndefined()
  expect(await locateInCompose({ files: [], path: ['services'] })).toBeUndefined()
})

test('a file with broken syntax still gives the places it can', async () => {
  const files = [{ path: 'compose.yaml', text: 'services:\n  web:\n    image: [\n' }]
  expect(await locateInCompose({ files, path: ['services', 'web'] })).toMatchObject({ line: 2, column: 3 })
})

const PORTS = `services:
  web:
    ports:
      - "8000-8001:8000-8001"
      - 9229:9229/udp
      - {target: 80, published: "8080", host_ip: 127.0.0.1}
      - "[::1]:443:443"
      - "7000-7010:7000"
      - 3000
      - "\${PORT}:5000"
    volumes: ["data:/srv", "data:/var:ro", {type: volume, source: logs, target: /logs}]
    links: [api, "api:back"]
`

test.each([
  ['ports', '8000:8000', '4:9'],
  ['ports', '8001:8001', '4:9'],
  ['ports', '9229:9229/udp', '5:9'],
  ['ports', '127.0.0.1:8080:80', '6:9'],
  ['ports', '[::1]:443:443', '7:9'],
  ['ports', '7000-7010:7000', '8:9'],
  ['ports', '3000', '9:9'],
  ['ports', '9229:9229', '3:5'],
  ['ports', '6000:5000', '3:5'],
  ['volumes', 'data:/var', '11:28'],
  ['volumes', 'logs:/logs', '11:44'],
  ['links', 'api:back', '12:18'],
])('the entry of %s that became %s is at %s, wherever Compose lists it', async (key, entry, wanted) => {
  const place = await locatorOf([{ path: '/a.yaml', text: PORTS }]).place(['services', 'web', key, entry])
  expect(`${place?.line}:${place?.column}`).toBe(wanted)
})

test('what stands in a file that is included or extended is found there', async () => {
  const main = {
    path: '/app/compose.yaml',
    text: 'include: [inc/a.yaml, {path: [b.yaml]}]\nservices:\n  web: {extends: {file: base/x.yaml, service: base}}\n  own: {extends: web}\n',
  }
  const others = {
    '/app/inc/a.yaml': 'services:\n  mail: {network_mode: host}\n',
    '/app/b.yaml': 'include: [compose.yaml]\nnetworks:\n  edge: {external: true}\n',
    '/app/base/x.yaml':
      'services:\n  base:\n    pid: container:a\n    extends: {service: far}\n  far:\n    ports: ["1:1/udp"]\n',
  }
  const at = async (...path: string[]) => {
    const place = await locatorOf([main], others).place(path)
    return `${place?.file}:${place?.line}:${place?.column}`
  }
  expect(await at('services', 'mail', 'network_mode')).toBe('/app/inc/a.yaml:2:10')
  expect(await at('networks', 'edge', 'external')).toBe('/app/b.yaml:3:10')
  expect(await at('services', 'web', 'pid')).toBe('/app/base/x.yaml:3:5')
  expect(await at('services', 'web', 'ports', '1:1/udp')).toBe('/app/base/x.yaml:6:13')
  expect(await at('services', 'own', 'pid')).toBe('/app/base/x.yaml:3:5')
})

test('a file is read and parsed once, however much in it is asked for', async () => {
  let reads = 0
  const files = async () => {
    reads += 1
    return FILES
  }
  const locator = createComposeLocator({ files, readText: async () => undefined })
  for (let asked = 0; asked < 50; asked += 1) await locator.place(['services', 'web', 'image'])
  expect(reads).toBe(1)
})

const FAULTY = `services:
  web:
    imagee: x
    image: \${NOPE:?x}
    depends_on: [api]
    networks: [nowhere]
    volumes: ["lost:/x"]
  api: {depends_on: [web]}
`

test.each([
  ['validating /a/b.yaml: services.web Additional property imagee is not allowed', '3:5'],
  ['services.web Additional property imagee is not allowed', '3:5'],
  ["validating /a/b.yaml: services.web additional properties 'imagee' not allowed", '3:5'],
  ["validating /a/b.yaml: services.web additional properties 'imagee', 'other' not allowed", '3:5'],
  ['error while interpolating services.web.image: required variable NOPE is missing a value: x', '4:5'],
  ['service "web" depends on undefined service api: invalid compose project', '5:18'],
  ['service "web" depends on undefined service "api": invalid compose project', '5:18'],
  ['dependency cycle detected: web -> api -> web', '5:18'],
  ['service "web" refers to undefined network nowhere: invalid compose project', '6:16'],
  ['service "web" refers to undefined volume lost: invalid compose project', '7:15'],
  ['service "api" has neither an image nor a build context specified: invalid compose project', '8:3'],
  ['services.api.depends_on contains an invalid type', '8:9'],
])('what Compose says, "%s", is at %s', async (words, wanted) => {
  const place = await locatorOf([{ path: '/a.yaml', text: FAULTY }]).placeOfFault(words)
  expect(`${place?.line}:${place?.column}`).toBe(wanted)
})

test('broken YAML is told by its own parser, in whichever file it is', async () => {
  const files = [FILES[0], { path: 'b.yaml', text: 'services:\n  web:\n    a: [\n  b: 1\n' }] as TextFile[]
  expect(
    await locatorOf(files).placeOfFault('yaml: line 4: did not find expected node content'),
  ).toMatchObject({
    file: 'b.yaml',
  })
  expect(await locatorOf(FILES).placeOfFault('who knows')).toBeUndefined()
})
