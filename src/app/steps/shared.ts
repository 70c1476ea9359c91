import { Expected } from '../../domain/failure.ts'
import type { ContainerLook } from '../../domain/health.ts'
import { rejoinColors } from '../rejoin-colors.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'

const LOOK_EVERY_MS = 100

/** Databases and caches run once, in the app's own project: started if they are not, recreated only if asked to. */
export async function ensureShared(run: Run, recreate: readonly string[]): Promise<StepResult> {
  const { machine, platform } = run.ports
  const shared = run.candidate.services.filter((service) => service.class === 'shared')
  const services = shared.map((each) => each.name)
  const completing = shared.filter((each) => each.reason.because === 'completes-for').map((each) => each.name)
  await platform.startShared(services)
  if (recreate.length > 0) {
    await platform.recreateShared(recreate)
    // Users' own release has lost them by now: it gets them back before anything is waited for.
    await rejoinColors(run.ports, run.world)
  }
  const deadlineMs = machine.now().getTime() + run.settings.health.timeoutMs
  for (;;) {
    const states = await platform.inspect(run.settings.app)
    const waiting = services.filter(
      (service) =>
        !states.some(
          (state) =>
            state.service === service &&
            (isReady(state) || (completing.includes(service) && hasCompleted(state))),
        ),
    )
    const first = waiting[0]
    if (first === undefined) {
      await rejoinColors(run.ports, run.world)
      return { detail: services.join(', ') }
    }
    if (machine.now().getTime() >= deadlineMs)
      throw await unhealthy(run, { service: first, recreated: recreate.includes(first) }, states)
    run.emit({ type: 'step-progress', step: 'shared', text: `waiting for ${waiting.join(', ')}` })
    await machine.sleep(LOOK_EVERY_MS)
  }
}

/** A service that others wait for to complete is ready once it did. */
function hasCompleted(state: ContainerLook): boolean {
  return !state.running && state.startedAt > 0 && state.exitCode === 0
}

function isReady(state: ContainerLook): boolean {
  return state.running && !state.restarting && (state.health === undefined || state.health === 'healthy')
}

async function unhealthy(
  run: Run,
  { recreated, service }: { service: string; recreated: boolean },
  states: readonly ContainerLook[],
): Promise<Expected> {
  const state = states.find((each) => each.service === service)
  const logs = state === undefined ? [] : await run.ports.platform.logs(state.id, 50)
  const told =
    state === undefined ? 'no container' : (state.health ?? (state.running ? 'running' : 'not running'))
  return new Expected({ code: 'shared-unhealthy', service, state: told, recreated, logs })
}
