import { colorProject } from '../../domain/color.ts'
import type { ContainerFacts } from '../../domain/facts.ts'
import { Expected, type Failure } from '../../domain/failure.ts'
import type { ContainerLook } from '../../domain/health.ts'
import {
  type HealthInput,
  type HealthMemory,
  type HealthVerdict,
  judgeHealth,
  lookOf,
  NO_LOOKS_YET,
  type NotYet,
  type ProbeLook,
} from '../../domain/health.ts'
import type { HttpCheck } from '../../domain/settings.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'

/** How often containers and ports are looked at until the first good answer, in ms. */
const LOOK_EVERY_MS = 50
/** What stood between the last good look and the line took no time: another would see the same. */
const FRESH_MS = 150
const LOG_LINES = 50
/** What cannot start at all ends at once; a container that ran this long did start. */
const STARTED_FOR_MS = 1_000
/** nginx looks names up once a second: a color that it was joined to just now is not known to it at once. */
const NAMES_KNOWN_WITHIN_MS = 3_000

/** Waits until every service of the target color is healthy, and stays so for the confirmations asked for. */
export async function waitHealthy(run: Run): Promise<StepResult> {
  const { machine } = run.ports
  const { intervalMs, successes, timeoutMs } = run.settings.health
  const beganMs = machine.now().getTime()
  let memory: HealthMemory = NO_LOOKS_YET
  for (;;) {
    const look = await lookAtColor(run)
    const verdict = judgeHealth({
      ...look,
      memory,
      elapsedMs: machine.now().getTime() - beganMs,
      timeoutMs,
      successes,
    })
    memory = verdict.memory
    if (verdict.verdict === 'failed') throw new Expected(await withLogs(run, verdict.failure))
    if (verdict.verdict === 'healthy') {
      // Whoever opens the preview now, a smoke test or a person, gets an answer.
      if (run.site !== undefined) await run.ports.proxy.awaitUpstreams(run.site, run.target)
      run.healthyAtMs = machine.now().getTime()
      run.sawHealthy = true
      return undefined
    }
    run.emit({ type: 'step-progress', step: 'health', text: summary(verdict.notYet, memory, successes) })
    await machine.sleep(memory.successes > 0 ? intervalMs : LOOK_EVERY_MS)
  }
}

/** Singletons that started must still run a moment later, and pass their health checks if they have some. */
export async function waitStarted(run: Run, services: readonly string[]): Promise<void> {
  if (services.length === 0) return
  const { machine, platform } = run.ports
  const project = colorProject(run.settings.app, run.target)
  const expected = services.map((service) => ({ service, replicas: 1 }))
  const beganMs = machine.now().getTime()
  let memory: HealthMemory = NO_LOOKS_YET
  for (;;) {
    const containers = await platform.inspect(project)
    const elapsedMs = machine.now().getTime() - beganMs
    const { timeoutMs } = run.settings.health
    const look = { expected, containers, probes: [] }
    const verdict = judgeHealth({ ...look, memory, elapsedMs, timeoutMs, successes: 1 })
    memory = verdict.memory
    if (verdict.verdict === 'failed') throw new Expected(await withLogs(run, verdict.failure))
    if (verdict.verdict === 'healthy' && elapsedMs >= STARTED_FOR_MS) return
    await machine.sleep(LOOK_EVERY_MS)
  }
}

/** The last look before users are moved, unless the one before it was just now. */
export async function lastLook(run: Run): Promise<undefined> {
  const ageMs = run.ports.machine.now().getTime() - (run.healthyAtMs ?? 0)
  if (ageMs > FRESH_MS) await stillHealthy(run, seenInList)
}

/** What was healthy may have died: looked for while users are watched, too. */
export async function stillHealthy(run: Run, seeContainers = inspected): Promise<void> {
  const { machine } = run.ports
  const deadlineMs = machine.now().getTime() + NAMES_KNOWN_WITHIN_MS
  for (;;) {
    const look = await lookAtColor(run, seeContainers)
    const verdict = judgeOnce(look)
    if (verdict.verdict === 'healthy') {
      run.sawHealthy = true
      return
    }
    if (verdict.verdict === 'failed') throw new Expected(await withLogs(run, verdict.failure))
    const unknown = look.probes.some((probe) => probe.answer.kind === 'unreachable')
    if (unknown && machine.now().getTime() < deadlineMs) {
      await machine.sleep(LOOK_EVERY_MS)
      continue
    }
    throw await becameUnhealthy(run, verdict.notYet)
  }
}

/** The first look after users were moved: what was healthy a moment ago may have ended at that very moment. */
export async function stillRuns(run: Run): Promise<void> {
  if (!run.sawHealthy) return
  const containers = await seenInList(run)
  const verdict = judgeOnce({ expected: expectedServices(run), containers, probes: [] })
  if (verdict.verdict === 'failed') throw new Expected(await withLogs(run, verdict.failure))
  if (verdict.verdict === 'waiting') throw await becameUnhealthy(run, verdict.notYet)
}

async function becameUnhealthy(run: Run, [first]: readonly NotYet[]): Promise<Expected> {
  const failure = { service: first?.service ?? '', evidence: first?.evidence ?? '', logs: [] }
  return new Expected(await withLogs(run, { code: 'became-unhealthy', ...failure }))
}

function judgeOnce(look: Look): HealthVerdict {
  const onceGood = look.expected.map((each) => each.service)
  return judgeHealth({
    ...look,
    memory: { ...NO_LOOKS_YET, onceGood },
    elapsedMs: 0,
    timeoutMs: 1,
    successes: 1,
  })
}

type Look = Pick<HealthInput, 'expected' | 'containers' | 'probes' | 'restartsBefore'>

function inspected(run: Run): Promise<ContainerLook[]> {
  return run.ports.platform.inspect(colorProject(run.settings.app, run.target))
}

/**
 * One question for twenty replicas; only where one of them does not simply run, a question each. How often they
 * restarted in all the time that they stood by is no reason to keep users from them.
 */
async function seenInList(run: Run): Promise<ContainerLook[]> {
  return looksOf(run, await run.ports.platform.containers([colorProject(run.settings.app, run.target)]))
}

/** The same of the list that the run began with, where that was just now: what answers is asked all the same. */
export async function seenJustNow(run: Run): Promise<ContainerLook[]> {
  const ageMs = run.ports.machine.now().getTime() - run.beganAtMs
  if (ageMs > FRESH_MS) return seenInList(run)
  const project = colorProject(run.settings.app, run.target)
  return looksOf(
    run,
    run.world.containers.filter((each) => each.project === project),
  )
}

async function looksOf(run: Run, listed: readonly ContainerFacts[]): Promise<ContainerLook[]> {
  const looks = listed.filter((each) => !each.oneOff).map(lookOf)
  return looks.includes(undefined) ? inspected(run) : looks.filter((look) => look !== undefined)
}

/** How often containers that stood by restarted until now: while users are on them, only further restarts count. */
export async function countRestarts(run: Run): Promise<Readonly<Record<string, number>>> {
  const stoodBy = run.candidate.model === undefined
  if (!stoodBy || run.settings.watchMs === 0) return {}
  return Object.fromEntries((await inspected(run)).map(({ id, restarts }) => [id, restarts]))
}

/** One look: the containers of the target color, and its ports as nginx reaches them. */
async function lookAtColor(run: Run, seeContainers = inspected): Promise<Look> {
  const containers = await seeContainers(run)
  const probes = await Promise.all(portsToAsk(run, containers).map((port) => askPort(run, port)))
  return { expected: expectedServices(run), containers, probes, restartsBefore: run.restartsBefore }
}

function expectedServices(run: Run): { service: string; replicas: number }[] {
  return run.candidate.services
    .filter((service) => service.class === 'colored')
    .map(({ name }) => {
      const wanted = run.candidate.model?.services[name]
      return { service: name, replicas: wanted?.scale ?? wanted?.deploy?.replicas ?? 1 }
    })
}

type Asked = { service: string; port: number; check: HttpCheck | undefined; protocol?: 'grpc' }

/** Routed ports always; of the others, one port of each service that has no health check of its own. */
function portsToAsk(run: Run, containers: readonly ContainerLook[]): Asked[] {
  const routed = new Map<string, Asked>()
  for (const { service, port, protocol } of run.candidate.routes) {
    const check = run.settings.services[service]?.check ?? run.settings.health.check
    // A check is an HTTP/1.1 request, which a gRPC server has no answer for.
    const asked = protocol === 'grpc' ? { check: undefined, protocol } : { check }
    routed.set(`${service}:${port}`, { service, port, ...asked })
  }
  const asked = [...routed.values()]
  for (const { service } of expectedServices(run)) {
    const own = run.settings.services[service]?.check
    const checked = containers.some(
      (container) => container.service === service && container.health !== undefined,
    )
    if (asked.some((each) => each.service === service) || (checked && own === undefined)) continue
    const port = exposedPort(run, service)
    if (port !== undefined) asked.push({ service, port, check: own })
  }
  return asked
}

function exposedPort(run: Run, service: string): number | undefined {
  const exposed = run.candidate.model?.services[service]?.expose?.[0]
  const port = Number.parseInt(String(exposed ?? ''), 10)
  return Number.isNaN(port) ? undefined : port
}

async function askPort(run: Run, asked: Asked): Promise<ProbeLook> {
  const answer = await run.ports.proxy.probe({ color: run.target, ...asked })
  return { service: asked.service, port: asked.port, answer }
}

function summary(notYet: readonly NotYet[], memory: HealthMemory, successes: number): string {
  const [first] = notYet
  if (first !== undefined) return `${first.service}: ${first.evidence}`
  return `good ${memory.successes} of ${successes} times in a row`
}

async function withLogs(run: Run, failure: Failure): Promise<Failure> {
  if (!('logs' in failure) || !('service' in failure)) return failure
  const containers = await run.ports.platform.inspect(colorProject(run.settings.app, run.target))
  const container = containers.find((each) => each.service === failure.service)
  if (container === undefined) return failure
  return { ...failure, logs: await run.ports.platform.logs(container.id, LOG_LINES) }
}
