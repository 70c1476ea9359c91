import { colorProject } from '../domain/color.ts'
import type { Failure } from '../domain/failure.ts'
import type { Outcome } from '../domain/outcome.ts'
import { isBeforeTheLine, type StepId } from '../domain/steps.ts'
import { planWayBack, type WayBackAction } from '../domain/way-back.ts'
import { insist } from './insist.ts'
import { type Run, subjectOf } from './run.ts'
import { startFromSnapshot } from './start-from-snapshot.ts'
import { givePortsBack } from './steps/hand-over.ts'
import { returnSingletons } from './steps/singletons.ts'
import { restoreTables } from './steps/site.ts'

/** Undoes what was attempted, in reverse; users end on the color they were on. */
export async function takeBack(run: Run, step: StepId, failure: Failure): Promise<Outcome> {
  run.ports.machine.heedInterruption()
  const attempted = run.crossedTheLine ? run.attempted : run.attempted.filter(isBeforeTheLine)
  const actions = planWayBack(attempted, {
    madeProxy: run.madeProxy,
    displaced: run.displaced !== undefined,
    told: run.siteMoved && run.before !== undefined,
    takesPorts: run.takesPorts,
  })
  if (actions.length > 0) run.emit({ type: 'taking-back', step, subject: subjectOf(run) })
  let stuck: Failure | undefined
  for (const action of actions) {
    const problem = await insist(run.ports.machine, () => undo(run, action))
    if (problem === undefined) continue
    run.unfinished = true
    if (GIVES_BACK.includes(action)) stuck ??= problem
    else run.emit({ type: 'note', note: { note: 'leftover', what: action, reason: problem.code } })
  }
  return outcomeOf(run, { step, failure, stuck })
}

/** Without these users are not where they were. */
const GIVES_BACK: readonly WayBackAction[] = ['reinstate-generation', 'give-ports-back', 'return-singletons']

function outcomeOf(
  run: Run,
  { step, failure, stuck }: { step: StepId; failure: Failure; stuck: Failure | undefined },
): Outcome {
  const active = run.from
  if (stuck !== undefined) return { kind: 'stuck', failure, step, wayBack: stuck, active }
  return run.crossedTheLine
    ? { kind: 'rolled-back', failure, step, active }
    : { kind: 'aborted', failure, step, active }
}

async function undo(run: Run, action: WayBackAction): Promise<void> {
  const { platform, proxy, store } = run.ports
  switch (action) {
    case 'give-ports-back':
      await givePortsBack(run, run.adoption)
      return store.writeActive(run.from)
    case 'close-proxy':
      return proxy.waitAgain()
    case 'return-singletons':
      return returnSingletons(run)
    case 'reinstate-generation':
      await proxy.reinstate(run.generation, run.from)
      await proxy.confirm(run.generation, { times: 5, timeoutMs: 5_000, leads: run.from })
      return store.writeActive(run.from)
    case 'remove-standby':
      return platform.remove(colorProject(run.settings.app, run.target))
    case 'forget-release':
      return restoreTables(run)
    case 'restore-displaced':
      if (run.displaced !== undefined) await startFromSnapshot(run, run.displaced)
      return
    case 'remove-proxy':
      return proxy.remove()
    case 'drop-snapshot':
      await platform.release(run.candidate.images.map((image) => image.tag))
      return store.removeSnapshot(run.candidate.release)
  }
}
