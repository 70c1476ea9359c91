import { colorProject } from '../../domain/color.ts'
import { Expected, type Failure } from '../../domain/failure.ts'
import { type HealthLook, judgeHealth, type PortLook } from '../../domain/health.ts'
import type { HttpCheck } from '../../domain/settings.ts'
import type { ContainerState } from '../ports.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'

/** How often containers and ports are looked at until the first good answer, in ms. */
const LOOK_EVERY_MS = 100
const LOG_LINES = 50

/** Waits until every service of the target color is healthy, and stays so for the confirmations asked for. */
export async function waitHealthy(run: Run): Promise<StepResult> {
  const { machine } = run.ports
  const { intervalMs, successes } = run.settings.health
  const beganMs = machine.now().getTime()
  let inARow = 0
  for (let tries = 1; ; tries += 1) {
    const look = await lookAtColor(run)
    const verdict = judgeHealth({
      ...look,
      waitedMs: machine.now().getTime() - beganMs,
      tries,
      timeoutMs: run.settings.health.timeoutMs,
    })
    if (verdict.verdict === 'failed') throw new Expected(await withLogs(run, verdict.failure))
    inARow = verdict.verdict === 'healthy' ? inARow + 1 : 0
    if (inARow >= successes) return undefined
    run.emit({ type: 'step-progress', step: 'health', text: verdict.summary })
    await machine.sleep(inARow > 0 ? intervalMs : LOOK_EVERY_MS)
  }
}

/** One look: the containers of the target color, and its ports as nginx reaches them. */
export async function lookAtColor(run: Run): Promise<HealthLook> {
  const { platform } = run.ports
  const containers = await platform.inspect(colorProject(run.settings.app, run.target))
  const ports = await Promise.all(portsToAsk(run, containers).map((port) => askPort(run, port)))
  return { expected: expectedServices(run), containers, ports }
}

function expectedServices(run: Run): string[] {
  return run.candidate.services
    .filter((service) => service.class === 'colored')
    .map((service) => service.name)
}

type Asked = { service: string; port: number; check: HttpCheck | undefined; routed: boolean }

/** Routed ports always; of the others, one port of each service that has no health check of its own. */
function portsToAsk(run: Run, containers: readonly ContainerState[]): Asked[] {
  const routed = new Map<string, Asked>()
  for (const { service, port } of run.candidate.routes) {
    const check = run.settings.services[service]?.check ?? run.settings.health.check
    routed.set(`${service}:${port}`, { service, port, check, routed: true })
  }
  const asked = [...routed.values()]
  for (const service of expectedServices(run)) {
    const own = run.settings.services[service]?.check
    const checked = containers.some(
      (container) => container.service === service && container.health !== undefined,
    )
    if (asked.some((each) => each.service === service) || (checked && own === undefined)) continue
    const port = exposedPort(run, service)
    if (port !== undefined) asked.push({ service, port, check: own, routed: false })
  }
  return asked
}

function exposedPort(run: Run, service: string): number | undefined {
  const exposed = run.candidate.model?.services[service]?.expose?.[0]
  const port = Number.parseInt(String(exposed ?? ''), 10)
  return Number.isNaN(port) ? undefined : port
}

async function askPort(run: Run, asked: Asked): Promise<PortLook> {
  const answer = await run.ports.proxy.probe({ color: run.target, ...asked })
  return { service: asked.service, port: asked.port, path: asked.check?.path ?? '/', answer }
}

async function withLogs(run: Run, failure: Failure): Promise<Failure> {
  if (!('logs' in failure) || !('service' in failure)) return failure
  const containers = await run.ports.platform.inspect(colorProject(run.settings.app, run.target))
  const container = containers.find((each) => each.service === failure.service)
  if (container === undefined) return failure
  return { ...failure, logs: await run.ports.platform.logs(container.id, LOG_LINES) }
}

/** The last look before users are moved: what was healthy may have died since. */
export async function stillHealthy(run: Run): Promise<void> {
  const look = await lookAtColor(run)
  const verdict = judgeHealth({ ...look, waitedMs: 0, tries: 1, timeoutMs: 0 })
  if (verdict.verdict === 'healthy') return
  if (verdict.verdict === 'waiting') {
    throw new Expected({
      code: 'became-unhealthy',
      service: look.expected[0] ?? '',
      evidence: verdict.summary,
      logs: [],
    })
  }
  throw new Expected(await withLogs(run, verdict.failure))
}
