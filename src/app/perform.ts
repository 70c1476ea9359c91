import type { Color } from '../domain/color.ts'
import { hooksSet } from '../domain/hooks.ts'
import { jobsOf } from '../domain/jobs.ts'
import type { Outcome } from '../domain/outcome.ts'
import { planPerform } from '../domain/plan.ts'
import { differingShared } from '../domain/shared-services.ts'
import { type Context, runCommand } from './command.ts'
import { preflight } from './preflight.ts'
import { countRun } from './run.ts'
import { type Gate, prepared, runPlan } from './run-plan.ts'
import { lastLook, waitHealthy } from './steps/health.ts'
import type { ImagePolicy } from './steps/images.ts'
import { runJobs } from './steps/jobs.ts'
import { obtainOrStop } from './steps/obtain.ts'
import { ensureShared } from './steps/shared.ts'
import { previewUrl, smokeTest } from './steps/smoke.ts'
import { takeSnapshot } from './steps/snapshot.ts'
import { startStandby } from './steps/start.ts'
import { AFTER_THE_LINE } from './switch.ts'

export type PerformOptions = {
  images: ImagePolicy
  health: 'wait' | 'skip'
  unchanged: 'stop' | 'go-on'
  /** What becomes of shared services whose definition changed; made anew, they do not run meanwhile. */
  changedShared: 'leave' | 'recreate'
  /** What happens at the line: users are moved, a person is asked, or the run ends with the color prepared. */
  line: Line
}

type Ask = (color: Color, preview: string | undefined) => Promise<boolean>

type Line = { kind: 'switch' } | { kind: 'ask'; ask: Ask } | { kind: 'stop' }

/** Brings the new release up in the idle color, checks it, and moves users to it. */
export function perform(context: Context, options: PerformOptions): Promise<Outcome> {
  askEarly(context)
  return runCommand(context, 'perform', async (held) => {
    const run = await preflight(context, held)
    const changed = differingShared(run.candidate.definitions, run.world)
    const recreate = options.changedShared === 'recreate' ? changed : []
    if (changed.length > 0)
      run.emit({
        type: 'note',
        note: { note: 'shared-changed', services: changed, fate: options.changedShared },
      })
    const { steps } = planPerform({
      ...countRun(run),
      jobs: jobsOf(run.candidate.services, run.settings.migrate).length,
      smokeTests: run.settings.smoke.length,
      pullOrBuildAsked: true,
      healthAsked: options.health === 'wait',
      autoSwitch: options.line.kind !== 'stop',
      watchMs: run.settings.watchMs,
      cleanupAsked: run.settings.autoCleanup,
      somethingActive: run.from !== undefined,
      adopts: run.adoption !== undefined,
      hooks: hooksSet(run.settings.hooks),
    })
    return runPlan(run, {
      steps: steps.slice(1),
      ask: askAtTheLine(options),
      gate: gateAtTheLine(options),
      actions: {
        images: (each) =>
          obtainOrStop(each, { ...options, unchanged: recreate.length > 0 ? 'go-on' : options.unchanged }),
        snapshot: takeSnapshot,
        shared: (each) => ensureShared(each, recreate),
        jobs: runJobs,
        start: startStandby,
        health: waitHealthy,
        smoke: smokeTest,
        ...AFTER_THE_LINE,
      },
    })
  })
}

/** Compose takes its time to resolve the files: it may as well begin while the lock is taken. */
function askEarly({ ports }: Context): void {
  for (const asked of [ports.platform.model(), ports.platform.check()]) asked.catch(() => undefined)
}

/** The last word of a person who wants one, before users are moved. */
function askAtTheLine({ line }: PerformOptions): Gate {
  return async (run) => {
    if (line.kind !== 'ask') return undefined
    return (await line.ask(run.target, await previewUrl(run))) ? undefined : prepared(run)
  }
}

/** The last look before users are moved. */
function gateAtTheLine({ health }: PerformOptions): Gate {
  return async (run) => {
    return health === 'wait' ? lastLook(run) : undefined
  }
}
