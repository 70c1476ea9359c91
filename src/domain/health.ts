import type { ContainerFacts } from './facts.ts'
import type { Failure } from './failure.ts'

/** A container as one look at the color found it. */
export type ContainerLook = {
  id: string
  name: string
  service: string
  running: boolean
  restarting: boolean
  paused: boolean
  exitCode: number
  oomKilled: boolean
  restarts: number
  health: 'starting' | 'healthy' | 'unhealthy' | undefined
  healthOutput: string | undefined
  /** ms since the epoch; 0: never started. */
  startedAt: number
}

/** A container that a list shows to run, its health check passed if it has one; undefined: more must be asked. */
export function lookOf({ health, id, name, service, state }: ContainerFacts): ContainerLook | undefined {
  if (state !== 'running' || (health !== undefined && health !== 'healthy')) return undefined
  return {
    id,
    name,
    service,
    health,
    running: true,
    restarting: false,
    paused: false,
    exitCode: 0,
    oomKilled: false,
    restarts: 0,
    healthOutput: undefined,
    startedAt: 1,
  }
}

/** What a probe of a service's port got. */
export type ProbeLook = {
  service: string
  port: number
  answer:
    | { kind: 'answered'; status: number; ok: boolean; why: string | undefined }
    | { kind: 'refused'; why: string }
    | { kind: 'unreachable'; why: string }
}

/** What earlier looks leave to the next one. */
export type HealthMemory = {
  tries: number
  /** Good looks in a row. */
  successes: number
  /** Container id → looks that found it restarting. */
  restarting: Readonly<Record<string, number>>
  /** Services that were good once. */
  onceGood: readonly string[]
}

export const NO_LOOKS_YET: HealthMemory = { tries: 0, successes: 0, restarting: {}, onceGood: [] }

export type HealthInput = {
  /** Services that must run and how many containers of each; others, jobs and singletons among them, do not count. */
  expected: readonly { service: string; replicas: number }[]
  containers: readonly ContainerLook[]
  probes: readonly ProbeLook[]
  memory: HealthMemory
  elapsedMs: number
  timeoutMs: number
  /** Good looks in a row that make the color healthy. */
  successes: number
  /** Container id → restarts of the time in which it stood by: they say nothing of users. Others had none. */
  restartsBefore?: Readonly<Record<string, number>>
}

/** A failure of the color's health; `logs` are empty, for the caller to fill. */
type HealthFailure = Extract<
  Failure,
  { code: 'container-exited' | 'container-restarting' | 'never-healthy' | 'became-unhealthy' }
>

/** A service that is not good yet, and what shows it. */
export type NotYet = { service: string; container: string | undefined; evidence: string }

export type HealthVerdict =
  | { verdict: 'healthy'; memory: HealthMemory }
  | { verdict: 'waiting'; memory: HealthMemory; notYet: NotYet[] }
  | { verdict: 'failed'; memory: HealthMemory; failure: HealthFailure }

/** The verdict over one look at a color. What cannot become good by waiting fails at once. */
export function judgeHealth(input: HealthInput): HealthVerdict {
  const counted = input.containers.filter((each) => isExpected(input, each.service))
  const notYet = [...missing(input, counted), ...counted.flatMap(waitsFor), ...input.probes.flatMap(fails)]
  const memory = remember(input, { counted, notYet })
  const broken = counted.map((container) => breakage(input, { container, memory })).find((each) => each)
  if (broken !== undefined) return { verdict: 'failed', memory, failure: broken }
  if (notYet.length === 0 && memory.successes >= input.successes) return { verdict: 'healthy', memory }
  if (input.elapsedMs < input.timeoutMs) return { verdict: 'waiting', memory, notYet }
  return { verdict: 'failed', memory, failure: tooLate(input, { memory, first: notYet[0] }) }
}

function isExpected(input: HealthInput, service: string): boolean {
  return input.expected.some((each) => each.service === service && each.replicas > 0)
}

function missing(input: HealthInput, counted: readonly ContainerLook[]): NotYet[] {
  return input.expected.flatMap(({ service, replicas }) => {
    const found = counted.filter((container) => container.service === service).length
    if (found >= replicas) return []
    const evidence = replicas === 1 ? 'it has no container' : `${found} of ${replicas} containers are there`
    return { service, container: undefined, evidence }
  })
}

function waitsFor(container: ContainerLook): NotYet[] {
  const evidence = unready(container)
  return evidence === undefined ? [] : [{ service: container.service, container: container.name, evidence }]
}

function unready(container: ContainerLook): string | undefined {
  if (container.restarting) return 'its container is restarting'
  if (container.paused) return 'its container is paused'
  if (!container.running) return 'its container was not started'
  if (container.health === 'starting') return lastOutput(container) ?? 'its health check has not passed yet'
  return undefined
}

function fails({ service, port, answer }: ProbeLook): NotYet[] {
  if (answer.kind === 'answered' && answer.ok) return []
  const evidence =
    answer.kind === 'answered'
      ? `port ${port} answered ${answer.status}${answer.why === undefined ? '' : `: ${answer.why}`}`
      : `port ${port} did not answer: ${answer.why}`
  return [{ service, container: undefined, evidence }]
}

type Found = { counted: readonly ContainerLook[]; notYet: readonly NotYet[] }

function remember({ memory, expected }: HealthInput, { counted, notYet }: Found): HealthMemory {
  const restarting = counted
    .filter((container) => container.restarting)
    .map((container) => [container.id, (memory.restarting[container.id] ?? 0) + 1])
  const good = expected
    .map((each) => each.service)
    .filter((name) => !notYet.some((one) => one.service === name))
  return {
    tries: memory.tries + 1,
    successes: notYet.length === 0 ? memory.successes + 1 : 0,
    restarting: { ...memory.restarting, ...Object.fromEntries(restarting) },
    onceGood: [...new Set([...memory.onceGood, ...good])],
  }
}

/** One restart is a slow dependency; a second one is a loop. */
const RESTARTS_OF_A_LOOP = 2

function breakage(
  input: HealthInput,
  look: { container: ContainerLook; memory: HealthMemory },
): HealthFailure | undefined {
  const { container, memory } = look
  const { service, name, exitCode, oomKilled } = container
  const restarts = container.restarts - (input.restartsBefore?.[container.id] ?? 0)
  const looks = memory.restarting[container.id] ?? 0
  if (restarts >= RESTARTS_OF_A_LOOP || looks >= RESTARTS_OF_A_LOOP) {
    return { code: 'container-restarting', service, container: name, restarts, logs: [] }
  }
  if (!container.running && !container.restarting && container.startedAt > 0) {
    return { code: 'container-exited', service, container: name, exitCode, oomKilled, logs: [] }
  }
  if (container.health !== 'unhealthy') return undefined
  const evidence = lastOutput(container) ?? 'its health check failed'
  if (input.memory.onceGood.includes(service))
    return { code: 'became-unhealthy', service, evidence, logs: [] }
  return neverHealthy(input, { notYet: { service, container: name, evidence }, memory })
}

function tooLate(
  input: HealthInput,
  late: { memory: HealthMemory; first: NotYet | undefined },
): HealthFailure {
  const { memory, first } = late
  const evidence = `it was good ${memory.successes} of ${input.successes} times in a row`
  const service = input.expected[0]?.service ?? ''
  return neverHealthy(input, { notYet: first ?? { service, container: undefined, evidence }, memory })
}

function neverHealthy(input: HealthInput, seen: { notYet: NotYet; memory: HealthMemory }): HealthFailure {
  const { service, container, evidence } = seen.notYet
  const { tries } = seen.memory
  return { code: 'never-healthy', service, container, waitedMs: input.elapsedMs, evidence, tries, logs: [] }
}

function lastOutput(container: ContainerLook): string | undefined {
  const output = container.healthOutput?.trim()
  return output === '' ? undefined : output
}
