import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { StepId } from '../../src/domain/steps.ts'
import type { Running } from './run.ts'
import type { Sandbox } from './sandbox.ts'

const STOP_AT_STEP = fileURLToPath(new URL('./programs/stop-at-step.cjs', import.meta.url))

/**
 * Begins a command that stops at the begin of a step, and waits until it does: what happens to it then is not left to
 * chance, be the step milliseconds long. It goes on with SIGCONT; throws where it ends without the step.
 */
export async function beginStoppedAt(box: Sandbox, step: StepId, args: readonly string[]): Promise<Running> {
  const env = { NODE_OPTIONS: `--require ${STOP_AT_STEP}`, STOP_AT_STEP: step }
  const running = box.beginUpgrade(args, { env })
  await reach(box, running, step)
  return running
}

/** Waits until a command that runs journals a step, one that takes its time; throws where it ends without it. */
export async function reach(box: Sandbox, running: Running, step: StepId): Promise<void> {
  let ended = false
  void running.ended.then(() => {
    ended = true
  })
  while (!ended) {
    if (journaledStep(box) === step) return
    await setTimeout(10)
  }
  const ran = await running.ended
  throw new Error(`It ended with ${ran.code} and never reached ${step}:\n${ran.stdout}${ran.stderr}`)
}

/** The step that a run is in, as its journal says; undefined: there is no journal. */
export function journaledStep(box: Sandbox): string | undefined {
  try {
    return (JSON.parse(box.read('deployments/journal.json')) as { step: string }).step
  } catch {
    return undefined
  }
}

/** Kills a command at the begin of a step, as nothing else ends it. */
export async function killAt(box: Sandbox, step: StepId, args: readonly string[]): Promise<void> {
  const running = await beginStoppedAt(box, step, args)
  running.kill('SIGKILL')
  const ran = await running.ended
  if (ran.code !== 137) throw new Error(`It ended with ${ran.code} before it was killed at ${step}.`)
}
