import { describe, expect, test } from 'vitest'
import type { Color } from '../../src/domain/color.ts'
import {
  activeColor,
  isFelt,
  isMendable,
  judgeDrift,
  judgeFiles,
  observedActive,
  observedRelease,
  outlastsRuns,
} from '../../src/domain/drift.ts'
import type { ContainerFacts, Drift, ProxyFacts, Records, World } from '../../src/domain/facts.ts'
import type { ServiceClass } from '../../src/domain/service.ts'
import { BLUE_1, entryOf, GREEN_2, snapshotOf } from './records.ts'

const proxy = (active: Color | undefined): ProxyFacts => ({
  state: 'running',
  container: 'p',
  image: 'nginx',
  generation: 3,
  active,
  releases: { blue: BLUE_1, green: GREEN_2 },
  managementPort: 1,
  previewPorts: {},
  maintenance: false,
})

const container = (color: Color, change: Partial<ContainerFacts> = {}): ContainerFacts => ({
  id: `${color}-web`,
  name: `shop-${color}-web-1`,
  project: `shop-${color}`,
  service: 'web',
  workingDir: '/srv/shop',
  app: 'shop',
  color,
  release: color === 'blue' ? BLUE_1 : GREEN_2,
  definition: undefined,
  image: 'web',
  state: 'running',
  health: undefined,
  status: 'Up',
  oneOff: false,
  ...change,
})

const services = (classes: Record<string, ServiceClass>) => {
  return Object.entries(classes).map(([name, each]) => {
    return { name, class: each, reason: { because: 'default' } as const }
  })
}

const UNREADABLE = {
  file: 'history.json',
  keptAs: 'history.json.corrupt-20260105T100000000Z',
  reason: 'The file is empty.',
}
const RECORDS: Records = {
  active: 'green',
  history: [entryOf(BLUE_1, { from: undefined }), entryOf(GREEN_2, { previous: BLUE_1 })],
  snapshots: [
    snapshotOf(BLUE_1, { services: services({ web: 'colored' }) }),
    snapshotOf(GREEN_2, { services: services({ web: 'colored', db: 'shared', migrate: 'job' }) }),
  ],
  setAside: [],
  broken: [],
}

function world(change: Partial<World> = {}, records: Partial<Records> = {}): World {
  return {
    app: 'shop',
    proxy: proxy('green'),
    containers: [container('blue'), container('green')],
    records: { ...RECORDS, ...records },
    ...change,
  }
}

describe('the active color', () => {
  test('is what nginx answers, never what was written down', () => {
    expect(observedActive(world({}, { active: 'blue' }))).toBe('green')
    expect(activeColor(world({}, { active: 'blue' }))).toBe('green')
  })

  test('is unknown while nginx cannot be asked; then only the record is left', () => {
    const stopped = world({ proxy: { state: 'stopped', container: 'p' } })
    expect(observedActive(stopped)).toBeUndefined()
    expect(activeColor(stopped)).toBe('green')
  })
})

describe('the release of a color', () => {
  test('is what nginx knows, else what its containers say', () => {
    expect(observedRelease(world(), 'green')).toBe(GREEN_2)
    const silent: ProxyFacts = { state: 'silent', container: 'p', reason: 'no answer' }
    expect(observedRelease(world({ proxy: silent }), 'blue')).toBe(BLUE_1)
    expect(observedRelease(world({ proxy: silent, containers: [] }), 'blue')).toBeUndefined()
  })
})

describe('no drift is judged', () => {
  test('where everything agrees', () => {
    expect(judgeDrift(world())).toEqual([])
  })

  test('where nothing was deployed', () => {
    const nothing = { active: undefined, history: [], snapshots: [] }
    expect(judgeDrift(world({ proxy: { state: 'absent' }, containers: [] }, nothing))).toEqual([])
  })

  test('where the standby color was stopped or cleaned up', () => {
    expect(judgeDrift(world({ containers: [container('green')] }))).toEqual([])
    const stopped = container('blue', { state: 'exited' })
    expect(judgeDrift(world({ containers: [stopped, container('green')] }))).toEqual([])
  })

  test('where an attempt after the last switch came to nothing', () => {
    const aborted = entryOf('blue-20260105-100000', { result: 'aborted' })
    expect(judgeDrift(world({}, { history: [...RECORDS.history.slice(), aborted] }))).toEqual([])
  })
})

describe('drift is', () => {
  test.each<[string, World, unknown]>([
    [
      'a record that nobody can read',
      world({}, { setAside: [UNREADABLE] }),
      { kind: 'record-set-aside', ...UNREADABLE },
    ],
    [
      'a record of another active color',
      world({}, { active: 'blue' }),
      { kind: 'active-record', recorded: 'blue', observed: 'green' },
    ],
    [
      'a record where nothing serves',
      world({ proxy: proxy(undefined) }),
      { kind: 'active-record', recorded: 'green', observed: undefined },
    ],
    [
      'another release than the last one switched to',
      world({ proxy: { ...proxy('green'), releases: { blue: BLUE_1, green: 'green-x' } } as ProxyFacts }),
      { kind: 'release-record', color: 'green', recorded: GREEN_2, observed: 'green-x' },
    ],
    [
      'an active color without containers',
      world({ containers: [container('blue')] }),
      { kind: 'active-not-running', color: 'green', running: 0, expected: 1 },
    ],
    [
      'an active color whose container stopped',
      world({ containers: [container('green', { state: 'exited' })] }),
      { kind: 'active-not-running', color: 'green', running: 0, expected: 1 },
    ],
    ['a proxy that is gone', world({ proxy: { state: 'absent' } }), { kind: 'proxy-down', state: 'absent' }],
    [
      'a proxy that does not answer',
      world({ proxy: { state: 'silent', container: 'p', reason: 'no answer' } }),
      { kind: 'proxy-down', state: 'silent' },
    ],
    [
      'a release that runs without its snapshot',
      world({}, { snapshots: RECORDS.snapshots.slice(1) }),
      { kind: 'snapshot-lost', color: 'blue', release: BLUE_1 },
    ],
  ])('%s', (_title, seen, drift) => {
    expect(judgeDrift(seen)).toContainEqual(drift)
  })

  test('counted by services: replicas and jobs aside', () => {
    const snapshots = [snapshotOf(GREEN_2, { services: services({ web: 'colored', cron: 'singleton' }) })]
    const twice = [container('green'), container('green', { id: 'second' })]
    expect(judgeDrift(world({ containers: twice }, { snapshots }))).toEqual([
      { kind: 'active-not-running', color: 'green', running: 1, expected: 2 },
    ])
  })

  test('never seen in containers of another app or in one-off runs', () => {
    const others = [
      container('green'),
      container('blue', { project: 'other-blue', release: 'blue-x' }),
      container('green', { oneOff: true, release: 'green-x', service: 'migrate', state: 'exited' }),
    ]
    expect(judgeDrift(world({ containers: others }))).toEqual([])
  })
})

test('shared services that run as another definition than the release was deployed with are told', () => {
  const db = (definition: string | undefined) =>
    container('green', { project: 'shop', service: 'db', color: undefined, release: undefined, definition })
  const snapshots = [snapshotOf(GREEN_2, { definitions: { db: 'a1' } })]
  const found = (definition: string | undefined) =>
    judgeDrift(world({ containers: [container('green'), db(definition)] }, { snapshots })).filter(
      (each) => each.kind === 'shared-differs',
    )
  expect(found('b2')).toEqual([{ kind: 'shared-differs', release: GREEN_2, services: ['db'] }])
  expect(found('a1')).toEqual([])
  expect(found(undefined)).toEqual([])
})

describe('what people do by hand', () => {
  const kinds = (found: World) => judgeDrift(found).map(({ kind }) => kind)

  test('to history is seen where all of it is gone', () => {
    expect(judgeDrift(world({}, { history: [] }))).toEqual([
      { kind: 'history-record', recorded: undefined, observed: 'green', release: GREEN_2 },
    ])
  })

  test('to history is seen where it leads to another color than nginx', () => {
    const cut = world({}, { history: RECORDS.history.slice().slice(0, 1) })
    expect(judgeDrift(cut)).toEqual([
      { kind: 'history-record', recorded: 'blue', observed: 'green', release: GREEN_2 },
    ])
    expect(judgeDrift(cut).some(outlastsRuns)).toBe(false)
  })

  test('a singleton that was started beside the one of users is seen', () => {
    const worker = (color: Color) => container(color, { id: `${color}-worker`, service: 'worker' })
    const snapshots = [BLUE_1, GREEN_2].map((id) =>
      snapshotOf(id, { services: services({ web: 'colored', worker: 'singleton' }) }),
    )
    const users = [container('blue'), container('green'), worker('green')]
    expect(kinds(world({ containers: users }, { snapshots }))).toEqual([])
    const twice = world({ containers: [...users, worker('blue')] }, { snapshots })
    expect(judgeDrift(twice)).toEqual([{ kind: 'singleton-astray', color: 'blue', services: ['worker'] }])
  })

  test('what plain docker compose brings up beside the color of users is seen, a worker that runs twice above all', () => {
    const own = (service: string, change: Partial<ContainerFacts> = {}) =>
      container('green', { id: `own-${service}`, project: 'shop', service, release: undefined, ...change })
    const classes = services({ web: 'colored', worker: 'singleton', db: 'shared' })
    const snapshots = [BLUE_1, GREEN_2].map((id) => snapshotOf(id, { services: classes }))
    const users = [container('green'), container('green', { id: 'green-worker', service: 'worker' })]
    const judged = (...containers: ContainerFacts[]) =>
      judgeDrift(world({ containers: [container('blue'), ...users, ...containers] }, { snapshots }))
    expect(judged(own('db'), own('pgadmin'), own('worker', { state: 'exited' }))).toEqual([])
    expect(judged(own('worker', { oneOff: true }))).toEqual([])
    const twice = judged(own('worker'), own('web'))
    expect(twice).toEqual([{ kind: 'own-beside', services: ['web', 'worker'], twice: ['worker'] }])
    expect(judged(own('web'))).toEqual([{ kind: 'own-beside', services: ['web'], twice: [] }])
    expect([twice.some(outlastsRuns), twice.some(isMendable)]).toEqual([false, false])
  })

  test('containers of no release in a color are seen', () => {
    const foreign = container('blue', { release: undefined, name: 'shop-blue-web-1' })
    expect(judgeDrift(world({ containers: [foreign, container('green')] }))).toEqual([
      { kind: 'foreign-containers', color: 'blue', containers: ['shop-blue-web-1'] },
    ])
  })

  test('an attempt that nginx remembers, and of which nothing runs, is none', () => {
    const gone = proxy('green')
    if (gone.state === 'running') gone.releases.blue = 'blue-20260131-000000'
    expect(kinds(world({ proxy: gone }))).toEqual([])
  })

  test('what can be mended without a choice is, and what users feel is told apart', () => {
    const down: Drift = { kind: 'proxy-down', state: 'stopped' }
    const dead: Drift = { kind: 'active-not-running', color: 'green', running: 0, expected: 1 }
    expect([isMendable(down), isFelt(down)]).toEqual([true, true])
    expect([isMendable(dead), isFelt(dead)]).toEqual([false, true])
    expect(judgeFiles([])).toEqual([])
    expect(judgeFiles(['nginx.conf']).map((each) => [isMendable(each), isFelt(each)])).toEqual([
      [true, false],
    ])
  })
})
