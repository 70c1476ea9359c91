import { wasDeployed } from '../domain/choose-rollback.ts'
import type { Color } from '../domain/color.ts'
import { Expected, failureOf } from '../domain/failure.ts'
import { hooksSet } from '../domain/hooks.ts'
import type { Outcome } from '../domain/outcome.ts'
import { planSwitch } from '../domain/plan.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Site } from '../domain/site.ts'
import { isBeforeTheLine, type PlannedStep } from '../domain/steps.ts'
import { gatherAdoption } from './adoption.ts'
import { type Context, type Held, runCommand } from './command.ts'
import { knownSite } from './known-site.ts'
import { refuseSilent } from './refuse-silent.ts'
import { beginRun, countRun, type Run } from './run.ts'
import { type Gate, runPlan } from './run-plan.ts'
import { warmCandidate } from './running-candidate.ts'
import { drainOld, stopOld } from './steps/drain.ts'
import { seenJustNow, stillHealthy } from './steps/health.ts'
import { handOverSingletons } from './steps/singletons.ts'
import { confirmSwitch, switchTraffic } from './steps/switch.ts'
import { watchRelease } from './steps/watch.ts'

/** The steps from the line on; perform, switch and rollback share them. */
export const AFTER_THE_LINE = {
  switch: switchTraffic,
  confirm: confirmSwitch,
  singletons: handOverSingletons,
  watch: watchRelease,
  drain: drainOld,
  cleanup: stopOld,
} as const

/** A switch has nothing before the line to show. */
export function fromTheLine(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.filter((step) => !isBeforeTheLine(step.id))
}

/** Moves users by hand to a color that runs. */
export function switchTo(
  context: Context,
  options: { color: Color; unhealthy: 'refuse' | 'accept' },
): Promise<Outcome> {
  return runCommand(context, 'switch', async (held) => {
    const run = await beginSwitch(context, held, options.color)
    const { steps } = planSwitch({
      ...countRun(run),
      healthAsked: false,
      watchMs: run.settings.watchMs,
      cleanupAsked: run.settings.autoCleanup,
      somethingActive: run.from !== undefined,
      adopts: run.adoption !== undefined,
      hooks: hooksSet(run.settings.hooks),
    })
    const gate = options.unhealthy === 'refuse' ? refuseUnhealthy : undefined
    return runPlan(run, {
      steps: fromTheLine(steps),
      actions: AFTER_THE_LINE,
      ...(gate === undefined ? {} : { gate }),
    })
  })
}

async function beginSwitch(context: Context, held: Held, color: Color): Promise<Run> {
  const site = await servingSite(context, held)
  if (held.active === color) throw new Expected({ code: 'already-active', color })
  const release = runningRelease(held.world, color)
  if (release === undefined) throw new Expected({ code: 'not-running', color })
  const candidate = await warmCandidate(context, held, { site, color, release })
  const adoption = await gatherAdoption(context, held.world, candidate.services)
  const chosen = { command: 'switch', target: color, candidate, site, displaced: undefined, adoption }
  return beginRun(context, held, chosen)
}

/** The site that a running proxy serves; without one nobody can be moved. */
export async function servingSite(context: Context, { world }: Held): Promise<Site> {
  const { proxy } = world
  if (proxy.state === 'absent')
    throw new Expected({ code: wasDeployed(world.records) ? 'proxy-absent' : 'nothing-deployed' })
  if (proxy.state === 'stopped') throw new Expected({ code: 'proxy-absent' })
  await refuseSilent(context, world)
  const site = await knownSite(context, world)
  if (site === undefined) throw new Expected({ code: 'proxy-absent' })
  return site
}

const refuseUnhealthy: Gate = async (run) => {
  try {
    await stillHealthy(run, seenJustNow)
    return undefined
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    const service = 'service' in failure ? (failure.service ?? '') : ''
    const evidence = 'evidence' in failure ? failure.evidence : failure.code
    throw new Expected({ code: 'standby-unhealthy', color: run.target, service, evidence }, error)
  }
}
