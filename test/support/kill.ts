import { setImmediate } from 'node:timers/promises'
import type { StepId } from '../../src/domain/steps.ts'
import { traces } from './observe.ts'
import type { Running } from './run.ts'
import type { Sandbox } from './sandbox.ts'
import { until } from './until.ts'

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

/** Starts a command and kills it, as `kill -9` and the kernel do, when it has begun a step. */
export async function killAt(
  box: Sandbox,
  step: StepId,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const running = box.beginUpgrade(args, { env })
  await reach(box, running, step)
  running.kill('SIGKILL')
  const ran = await running.ended
  if (ran.code !== 137) throw new Error(`It ended with ${ran.code} before it was killed at ${step}.`)
}

/** Kills a command in the middle of a step: when docker shows the first trace of what the step makes. */
export async function killAtTrace(box: Sandbox, trace: string, args: readonly string[]): Promise<void> {
  const running = box.beginUpgrade(args)
  await until(async () => (await traces(box)).includes(trace), { timeoutMs: 60_000, everyMs: 10 })
  running.kill('SIGKILL')
  const ran = await running.ended
  if (ran.code !== 137) throw new Error(`It ended with ${ran.code} before it was killed at ${trace}.`)
}

function journaledStep(box: Sandbox): string | undefined {
  try {
    return (JSON.parse(box.read('deployments/journal.json')) as { step: string }).step
  } catch {
    return undefined
  }
}
