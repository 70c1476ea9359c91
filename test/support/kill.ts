import { setImmediate } from 'node:timers/promises'
import type { StepId } from '../../src/domain/steps.ts'
import type { Running } from './run.ts'
import type { Sandbox } from './sandbox.ts'

/** Waits until a command that runs journals a step; throws where it ends without it. */
export async function reach(box: Sandbox, running: Running, step: StepId): Promise<void> {
  let ended = false
  void running.ended.then(() => {
    ended = true
  })
  // Steps may take a few milliseconds only: this looks at every turn of the event loop.
  while (!ended) {
    if (journaledStep(box) === step) return
    await setImmediate()
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
  const running = box.beginUpgrade(args)
  await reach(box, running, step)
  running.kill('SIGKILL')
  const ran = await running.ended
  if (ran.code !== 137) throw new Error(`It ended with ${ran.code} before it was killed at ${step}.`)
}
