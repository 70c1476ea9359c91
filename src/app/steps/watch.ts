import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { stillHealthy } from './health.ts'

const LOOK_EVERY_MS = 500

/** Watches the color that users are on now for the configured time; a failure sends them back. */
export async function watchRelease(run: Run): Promise<StepResult> {
  const { machine } = run.ports
  const endMs = machine.now().getTime() + run.settings.watchMs
  while (machine.now().getTime() < endMs) {
    await stillHealthy(run)
    const leftS = Math.ceil((endMs - machine.now().getTime()) / 1000)
    run.emit({ type: 'step-progress', step: 'watch', text: `${leftS} s left` })
    await machine.sleep(LOOK_EVERY_MS)
  }
  return undefined
}
