import { expect, test } from 'vitest'
import { locateInCompose } from '../../src/config/compose-locator.ts'

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
