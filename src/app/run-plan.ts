import { ownServices } from '../domain/adoption.ts'
import { type Failure, failureOf } from '../domain/failure.ts'
import type { Outcome } from '../domain/outcome.ts'
import { RECORD_FORMAT } from '../domain/release.ts'
import type { PlannedStep, StepId } from '../domain/steps.ts'
import { firstUserUrl } from '../domain/user-url.ts'
import { runClosingHooks, runHook } from './hooks.ts'
import { insist } from './insist.ts'
import { closeRun, kept } from './records.ts'
import { elapsedMs, previousRelease, type Run, subjectOf } from './run.ts'
import { abandonProbe, probeFigures } from './steps/probe.ts'
import { previewUrl } from './steps/smoke.ts'
import { recordStart } from './steps/snapshot.ts'
import { takeBack } from './take-back.ts'

/** What a step says when it is done: a detail for its line, or an outcome that ends the run here. */
export type StepResult = { detail?: string; end?: Outcome } | undefined

type StepAction = (run: Run) => Promise<StepResult>

/** Asked between smoke and switch; an outcome ends the run before users are moved. */
export type Gate = (run: Run) => Promise<Outcome | undefined>

export type RunnablePlan = {
  steps: readonly PlannedStep[]
  actions: Partial<Record<StepId, StepAction>>
  /** A person's word, before the hook of the switch runs. */
  ask?: Gate
  /** The last look, right before the switch. */
  gate?: Gate
}

/**
 * Runs the steps of a plan in order, journals each before it begins, and takes back what was attempted when
 * one fails. Failures that nobody expected go up as they are: the journal stays, the next command recovers.
 */
export async function runPlan(run: Run, plan: RunnablePlan): Promise<Outcome> {
  run.emit({ type: 'plan', command: run.command, subject: subjectOf(run), steps: [...plan.steps] })
  try {
    const outcome = await runSteps(run, plan)
    if (isLockLost(outcome)) return outcome
    const closed = await closeRun(run, outcome)
    await runClosingHooks(run, closed)
    return closed
  } finally {
    abandonProbe(run)
  }
}

async function runSteps(run: Run, plan: RunnablePlan): Promise<Outcome> {
  for (const step of plan.steps) {
    const end = await passStep(run, plan, step)
    if (end !== undefined) return end
  }
  return run.crossedTheLine ? switched(run) : prepared(run)
}

/** Runs a step and its hook, or says why it is skipped; an outcome ends the run. */
async function passStep(run: Run, plan: RunnablePlan, step: PlannedStep): Promise<Outcome | undefined> {
  const { id, skip } = step
  const beganMs = elapsedMs(run)
  try {
    const hooked = await passHook(run, plan, step)
    if (hooked !== undefined) return hooked
    if (skip !== undefined) {
      run.emit({ type: 'step-skipped', step: id, subject: subjectOf(run), reason: skip })
      return undefined
    }
    const ended = id === 'switch' ? await plan.gate?.(run) : undefined
    return ended ?? (await runStep(run, id, plan.actions[id]))?.end
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    const durationMs = elapsedMs(run) - beganMs
    run.emit({ type: 'step-failed', step: id, subject: subjectOf(run), durationMs, failure })
    if (failure.code === 'lock-lost') return lockLost(run, id)
    if (!isLeftover(id)) return takeBack(run, id, failure)
    run.ports.machine.heedInterruption()
    run.emit({ type: 'note', note: { note: 'leftover', what: `the step ${id}`, reason: failure.code } })
    return switched(run)
  }
}

/** What stands before a step: a person's word, then a command of their own. */
async function passHook(
  run: Run,
  plan: RunnablePlan,
  { hook, id, skip }: PlannedStep,
): Promise<Outcome | undefined> {
  const refused = id === 'switch' && skip === undefined ? await plan.ask?.(run) : undefined
  if (refused !== undefined || hook === undefined) return refused
  const failure = await runHook(run, hook)
  return failure && takeBack(run, run.attempted.at(-1) ?? 'preflight', failure)
}

async function runStep(run: Run, id: StepId, action: StepAction | undefined): Promise<StepResult> {
  if (action === undefined) return undefined
  run.ports.machine.throwIfInterrupted()
  run.attempted.push(id)
  const beganMs = elapsedMs(run)
  run.emit({ type: 'step-started', step: id, subject: subjectOf(run) })
  // Before anything is written: whoever has the lock now has the journal, too.
  await run.held.check()
  await Promise.all([run.held.at(id), journal(run, id)])
  const result = await action(run)
  const durationMs = elapsedMs(run) - beganMs
  run.durations[id] = durationMs
  run.emit({ type: 'step-done', step: id, subject: subjectOf(run), durationMs, detail: result?.detail })
  return result
}

async function journal(run: Run, step: StepId): Promise<void> {
  await run.ports.store.writeJournal({
    format: RECORD_FORMAT,
    app: run.settings.app,
    command: run.command,
    holder: run.held.me,
    target: run.target,
    from: run.from,
    release: run.candidate.release,
    previous: previousRelease(run),
    generation: run.generation,
    startsColor: run.candidate.model !== undefined,
    madeProxy: run.madeProxy,
    displaced: run.displaced,
    adoption: run.adoption,
    ...(run.takesPorts && { takesPorts: true }),
    before: run.before,
    step,
    startedAt: new Date(run.startedAtMs).toISOString(),
  })
}

/** Somebody else's world by now: nothing is taken back, nothing is written; the journal tells them of this run. */
function lockLost(run: Run, step: StepId): Outcome {
  const failure: Failure = { code: 'lock-lost' }
  const active = run.from
  if (!run.crossedTheLine) return { kind: 'aborted', failure, step, active }
  return { kind: 'stuck', failure, step, wayBack: failure, active }
}

function isLockLost(outcome: Outcome): boolean {
  return 'failure' in outcome && outcome.failure.code === 'lock-lost'
}

/** Users are on the new color for good: what fails from here on is left over, not taken back. */
function isLeftover(step: StepId): boolean {
  return step === 'drain' || step === 'cleanup'
}

async function switched(run: Run): Promise<Outcome> {
  const { adoption, candidate, confirmMs, from, gapMs, settings, switchMs, target } = run
  const url = firstUserUrl(candidate.routes, settings.delivery.tls)
  // The last requests of the probe are answered meanwhile.
  const [probe] = await Promise.all([probeFigures(run), kept(run, 'metadata.json', () => recordStart(run))])
  const { release } = candidate
  const moved = {
    ...(gapMs !== undefined && { gapMs }),
    ...(adoption !== undefined && { own: ownServices(adoption) }),
  }
  return { kind: 'switched', from, to: target, release, switchMs, confirmMs, url, probe, ...moved }
}

/** The run ends before the line: the color stands ready, users are where they were. */
export async function prepared(run: Run): Promise<Outcome> {
  // Ready it is, whether or not that can be written down and its address be told.
  await kept(run, 'metadata.json', () => recordStart(run))
  let preview: string | undefined
  await insist(run.ports.machine, async () => {
    preview = await previewUrl(run)
  })
  return { kind: 'prepared', color: run.target, release: run.candidate.release, preview }
}
