import { colorProject } from '../domain/color.ts'
import { Expected, type Failure, failureOf } from '../domain/failure.ts'
import {
  endsRun,
  type Hook,
  type HookSubject,
  hookColor,
  hookEnvironment,
  hooksAfter,
} from '../domain/hooks.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { HookSettings } from '../domain/settings.ts'
import { elapsedMs, previousRelease, type Run, subjectOf } from './run.ts'
import { previewUrl } from './steps/smoke.ts'

const LAST_LINES = 50

type Failed = HookSubject['failed']

/** Runs the hook of a moment, if one is set; returns the failure that ends the run. */
export async function runHook(run: Run, hook: Hook, failed?: Failed): Promise<Failure | undefined> {
  const settings = run.settings.hooks[hook]
  if (settings === undefined) return undefined
  const beganMs = elapsedMs(run)
  const subject = await describeMoment(run, hook, failed)
  run.emit({ type: 'hook-started', hook, subject: subjectOf(run) })
  try {
    await runCommandOf(run, settings, subject)
    run.emit({ type: 'hook-done', hook, durationMs: elapsedMs(run) - beganMs })
    return undefined
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    const ends = endsRun({ hook, rollsBack: settings.rollsBack }, failure)
    run.emit({ type: 'hook-failed', hook, durationMs: elapsedMs(run) - beganMs, failure, ends })
    return ends ? failure : undefined
  }
}

/** Runs the hooks of a run that failed. Its outcome stands, whatever becomes of them. */
export async function runClosingHooks(run: Run, outcome: Outcome): Promise<void> {
  if (!('failure' in outcome)) return
  const step = 'step' in outcome ? outcome.step : undefined
  for (const hook of hooksAfter(outcome)) await runHook(run, hook, { step, failure: outcome.failure })
}

async function describeMoment(run: Run, hook: Hook, failed: Failed): Promise<HookSubject> {
  const { candidate, command, settings, target } = run
  const moved = run.crossedTheLine && failed === undefined
  return {
    hook,
    app: settings.app,
    command,
    release: candidate.release,
    previous: previousRelease(run),
    color: target,
    active: moved ? target : run.from,
    preview: hook === 'pre_switch' ? await previewUrl(run) : undefined,
    deployments: settings.deploymentDir,
    failed,
  }
}

async function runCommandOf(run: Run, settings: HookSettings, subject: HookSubject): Promise<void> {
  const { commands } = run.ports
  const { command, service, timeoutMs } = settings
  const { hook } = subject
  const output: string[] = []
  const options = {
    env: hookEnvironment(subject),
    timeoutMs,
    onLine: (text: string) => {
      output.push(text)
      if (output.length > LAST_LINES) output.shift()
      run.emit({ type: 'hook-output', hook, text })
    },
  }
  const failed = (how: HookFailure['how']) =>
    new Expected({ code: 'hook-failed', hook, command: command.join(' '), how, output })
  let exitCode: number
  try {
    run.ports.machine.throwIfInterrupted()
    if (service === undefined) {
      exitCode = await commands.onHost(command, { ...options, directory: run.settings.projectDir })
    } else {
      const container = await containerOf(run, service, subject)
      if (container === undefined) throw failed({ ended: 'no-container', service })
      exitCode = await commands.inContainer(container, command, options)
    }
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code === 'timed-out')
      throw failed({ ended: 'timed-out', afterMs: timeoutMs, inside: failure.inside })
    if (failure?.code === 'command-failed') throw failed({ ended: 'not-started', reason: failure.output })
    throw error
  }
  if (exitCode !== 0) throw failed({ ended: 'exited', exitCode })
}

type HookFailure = Extract<Failure, { code: 'hook-failed' }>

/** A container of the service: in the color that the hook is about, else a shared one. */
async function containerOf(run: Run, service: string, subject: HookSubject): Promise<string | undefined> {
  const color = hookColor(subject)
  const own = color === undefined ? [] : [colorProject(subject.app, color)]
  const projects = [...own, subject.app]
  const found = await run.ports.platform.containers(projects)
  const meant = found.filter((each) => each.service === service && each.state === 'running' && !each.oneOff)
  return projects.flatMap((project) => meant.filter((each) => each.project === project))[0]?.id
}
