import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { judgeDeadRun } from '../../src/domain/dead-run.ts'
import { judgeDrift } from '../../src/domain/drift.ts'
import type { ContainerFacts, ProxyFacts, World } from '../../src/domain/facts.ts'
import { createStore } from '../../src/infra/store/store.ts'

// As the first release wrote them, with nothing that came later. These texts are never adapted to the code: it has to
// read them for as long as it knows format 1, or bring them to a newer one.
const BLUE = 'blue-20260129-101530'
const STARTED_AT = '2026-01-29T10:20:00.120Z'
const METADATA = {
  format: 1,
  id: BLUE,
  app: 'shop',
  color: 'blue',
  created: '2026-01-29T10:15:30.038Z',
  command: 'perform',
  user: 'ada',
  fingerprint: 'e32e473bdd94',
  images: [
    { service: 'web', image: 'shop/web:1', id: 'sha256:6d99', tag: `verdigris.local/shop/web:${BLUE}` },
  ],
  services: [
    { name: 'db', class: 'shared', reason: { because: 'known-image', image: 'postgres:16' } },
    { name: 'web', class: 'colored', reason: { because: 'default' } },
  ],
  routes: [{ listen: 8080, path: '/', service: 'web', port: 3000 }],
  links: [{ service: 'db', networks: ['default'], aliases: ['db'] }],
  volumes: [],
  environment: { web: { DB_HOST: '30129676e6aa' } },
  containers: ['shop-blue-web-1'],
  health: 'passed',
  durations: { preflight: 130, switch: 27 },
}
const ENTRY = {
  format: 1,
  at: '2026-01-29T10:15:40Z',
  command: 'perform',
  to: 'blue',
  release: BLUE,
  result: 'switched',
  durationMs: 9_820,
  user: 'ada',
}
const JOURNAL = {
  format: 1,
  app: 'shop',
  command: 'perform',
  holder: { pid: 812, host: 'web-1', user: 'ada', command: 'perform', step: 'start', since: STARTED_AT },
  target: 'green',
  from: 'blue',
  release: 'green-20260129-102000',
  previous: BLUE,
  generation: 3,
  startsColor: true,
  madeProxy: false,
  step: 'start',
  startedAt: STARTED_AT,
}

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vt-format-1-'))
  mkdirSync(join(dir, BLUE))
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`
  const files = {
    active: 'blue\n',
    'history.json': json([ENTRY]),
    'journal.json': json(JOURNAL),
    [`${BLUE}/metadata.json`]: json(METADATA),
    [`${BLUE}/docker-compose.yml`]: 'name: shop-blue\nservices:\n  web:\n    image: shop/web:1\n',
    [`${BLUE}/.env`]: 'DB_HOST=db\n',
    [`${BLUE}/containers.txt`]: 'shop-blue-web-1\n',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('records of format 1 are read as they were written, and written on', async () => {
  const store = createStore(dir)
  const records = await store.read()
  expect(records).toEqual({
    active: 'blue',
    history: [ENTRY],
    snapshots: [METADATA],
    setAside: [],
    broken: [],
  })
  expect(await store.readJournal()).toEqual(JOURNAL)
  expect(await store.readSnapshot(BLUE)).toEqual({
    metadata: METADATA,
    model: { name: 'shop-blue', services: { web: { image: 'shop/web:1' } } },
    dotenv: 'DB_HOST=db\n',
    containers: 'shop-blue-web-1\n',
  })
  const first = records.history.at(0)
  if (first !== undefined) await store.append({ ...first, command: 'rollback' })
  expect((await createStore(dir).read()).history).toEqual([ENTRY, { ...ENTRY, command: 'rollback' }])
})

test('what they say is understood: nothing drifted, and the run that died is taken back', async () => {
  const store = createStore(dir)
  const web: ContainerFacts = {
    id: 'c1',
    name: 'shop-blue-web-1',
    project: 'shop-blue',
    service: 'web',
    workingDir: undefined,
    app: 'shop',
    color: 'blue',
    release: BLUE,
    definition: undefined,
    image: 'shop/web:1',
    state: 'running',
    health: undefined,
    status: 'Up 3 days',
    oneOff: false,
  }
  const proxy: ProxyFacts = {
    state: 'running',
    container: 'shop-proxy-nginx-1',
    image: 'nginx',
    generation: 3,
    active: 'blue',
    releases: { blue: BLUE, green: undefined },
    managementPort: 19_000,
    previewPorts: {},
    maintenance: false,
  }
  const world: World = { app: 'shop', records: await store.read(), containers: [web], proxy }
  expect(judgeDrift(world)).toEqual([])
  const journal = await store.readJournal()
  expect(journal && judgeDeadRun(journal, world)).toBe('take-back')
})
