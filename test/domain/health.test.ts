import { describe, expect, test } from 'vitest'
import type { ContainerFacts } from '../../src/domain/facts.ts'
import {
  type ContainerLook,
  type HealthInput,
  judgeHealth,
  lookOf,
  NO_LOOKS_YET,
  type ProbeLook,
} from '../../src/domain/health.ts'

const container = (change: Partial<ContainerLook> = {}): ContainerLook => ({
  id: 'c1',
  name: 'shop-green-web-1',
  service: 'web',
  running: true,
  restarting: false,
  paused: false,
  exitCode: 0,
  oomKilled: false,
  restarts: 0,
  health: undefined,
  healthOutput: undefined,
  startedAt: 1,
  ...change,
})

const probe = (answer: ProbeLook['answer']): ProbeLook => ({ service: 'web', port: 3000, answer })
const OK = { kind: 'answered', status: 200, ok: true, why: undefined } as const

function judge(change: Partial<HealthInput> = {}) {
  return judgeHealth({
    expected: [{ service: 'web', replicas: 1 }],
    containers: [container()],
    probes: [probe(OK)],
    memory: NO_LOOKS_YET,
    elapsedMs: 100,
    timeoutMs: 60_000,
    successes: 1,
    ...change,
  })
}

describe('a color is healthy', () => {
  test('when its containers run and its ports answer', () => {
    expect(judge().verdict).toBe('healthy')
    expect(judge({ containers: [container({ health: 'healthy' })] }).verdict).toBe('healthy')
  })

  test('without ports to ask', () => {
    expect(judge({ probes: [] }).verdict).toBe('healthy')
  })

  test('only after as many good looks in a row as are asked for', () => {
    const first = judge({ successes: 2 })
    expect(first).toMatchObject({ verdict: 'waiting', notYet: [] })
    expect(judge({ successes: 2, memory: first.memory }).verdict).toBe('healthy')
    const bad = judge({ successes: 2, memory: first.memory, containers: [] })
    expect(bad.memory.successes).toBe(0)
  })

  test('after one restart: a dependency came late', () => {
    expect(judge({ containers: [container({ restarts: 1 })] }).verdict).toBe('healthy')
  })

  test('whatever jobs and singletons do', () => {
    const job = container({ id: 'j', service: 'migrate', running: false, exitCode: 1 })
    expect(judge({ containers: [container(), job] }).verdict).toBe('healthy')
  })

  test('when nothing is expected to run', () => {
    const expected = [{ service: 'web', replicas: 0 }]
    expect(judge({ expected, containers: [], probes: [] }).verdict).toBe('healthy')
  })
})

describe('a list of containers is enough to see', () => {
  const listed: ContainerFacts = {
    id: 'c1',
    name: 'shop-green-web-1',
    project: 'shop-green',
    service: 'web',
    workingDir: undefined,
    app: undefined,
    color: 'green',
    release: undefined,
    definition: undefined,
    image: 'web:2',
    state: 'running',
    health: undefined,
    status: 'Up 2 minutes',
    oneOff: false,
  }

  test('that a container runs, with its health check passed if it has one', () => {
    for (const health of [undefined, 'healthy'] as const) {
      const look = lookOf({ ...listed, health })
      expect(judge({ containers: look === undefined ? [] : [look] }).verdict).toBe('healthy')
    }
  })

  test.each([
    { state: 'exited' },
    { state: 'paused' },
    { health: 'starting' },
    { health: 'unhealthy' },
  ] as const)('nothing more of one that is %o', (change) => {
    expect(lookOf({ ...listed, ...change })).toBeUndefined()
  })
})

describe('a color is waited for', () => {
  test.each<[string, Partial<HealthInput>, string]>([
    ['without a container', { containers: [] }, 'it has no container'],
    [
      'with too few containers',
      { expected: [{ service: 'web', replicas: 2 }] },
      '1 of 2 containers are there',
    ],
    [
      'with a container that was not started',
      { containers: [container({ running: false, startedAt: 0 })] },
      'its container was not started',
    ],
    ['with a paused container', { containers: [container({ paused: true })] }, 'its container is paused'],
    [
      'while a container restarts for the first time',
      { containers: [container({ restarting: true, restarts: 1 })] },
      'its container is restarting',
    ],
    [
      'while its health check has not passed',
      { containers: [container({ health: 'starting' })] },
      'its health check has not passed yet',
    ],
    [
      'with the health check’s own words',
      { containers: [container({ health: 'starting', healthOutput: ' no route \n' })] },
      'no route',
    ],
    [
      'while a port answers badly',
      { probes: [probe({ kind: 'answered', status: 503, ok: false, why: undefined })] },
      'port 3000 answered 503',
    ],
    [
      'while a port answers what was not asked for',
      { probes: [probe({ kind: 'answered', status: 200, ok: false, why: 'the body lacks "ok"' })] },
      'port 3000 answered 200: the body lacks "ok"',
    ],
    [
      'while a port refuses',
      { probes: [probe({ kind: 'refused', why: 'connection refused' })] },
      'port 3000 did not answer: connection refused',
    ],
  ])('%s', (_title, change, evidence) => {
    expect(judge(change)).toMatchObject({ verdict: 'waiting', notYet: [{ service: 'web', evidence }] })
  })
})

describe('a color fails at once', () => {
  test('when a container ended, with how it did', () => {
    const containers = [container({ running: false, exitCode: 137, oomKilled: true })]
    expect(judge({ containers })).toMatchObject({
      verdict: 'failed',
      failure: { code: 'container-exited', service: 'web', exitCode: 137, oomKilled: true, logs: [] },
    })
  })

  test('when a container ended well: a service does not end', () => {
    const containers = [container({ running: false, exitCode: 0 })]
    expect(judge({ containers })).toMatchObject({ failure: { code: 'container-exited', exitCode: 0 } })
  })

  test('when a container restarted twice', () => {
    const containers = [container({ restarts: 2 })]
    expect(judge({ containers })).toMatchObject({ failure: { code: 'container-restarting', restarts: 2 } })
  })

  test('when a container that stood by restarted twice since users came, however often before', () => {
    const [once, twice] = [3, 4].map((restarts) => [container({ restarts })])
    const id = container({}).id
    const restartsBefore = { [id]: 2 }
    expect(judge({ containers: once ?? [], restartsBefore }).verdict).toBe('healthy')
    const { failure } = judge({ containers: twice ?? [], restartsBefore }) as { failure?: unknown }
    expect(failure).toMatchObject({ code: 'container-restarting', restarts: 2 })
  })

  test('when two looks found it restarting', () => {
    const containers = [container({ restarting: true, restarts: 1 })]
    const { memory } = judge({ containers })
    expect(judge({ containers, memory })).toMatchObject({ failure: { code: 'container-restarting' } })
  })

  test('when its health check says unhealthy', () => {
    const containers = [container({ health: 'unhealthy', healthOutput: 'GET /up: 500' })]
    expect(judge({ containers })).toMatchObject({
      failure: { code: 'never-healthy', evidence: 'GET /up: 500', waitedMs: 100, tries: 1 },
    })
  })

  test('when a service that was good became unhealthy', () => {
    const { memory } = judge()
    const containers = [container({ health: 'unhealthy' })]
    expect(judge({ containers, memory })).toMatchObject({
      failure: { code: 'became-unhealthy', evidence: 'its health check failed' },
    })
  })
})

describe('a color fails when the time is over', () => {
  test('with the evidence of the last look and the number of tries', () => {
    const probes = [probe({ kind: 'answered', status: 503, ok: false, why: undefined })]
    const memory = { ...NO_LOOKS_YET, tries: 11 }
    expect(judge({ probes, memory, elapsedMs: 60_000 })).toMatchObject({
      failure: { code: 'never-healthy', waitedMs: 60_000, evidence: 'port 3000 answered 503', tries: 12 },
    })
  })

  test('but not when that very look is good', () => {
    expect(judge({ elapsedMs: 60_000 }).verdict).toBe('healthy')
  })

  test('with too few good looks in a row', () => {
    expect(judge({ successes: 3, elapsedMs: 60_000 })).toMatchObject({
      failure: { code: 'never-healthy', evidence: 'it was good 1 of 3 times in a row' },
    })
  })
})
