import { ownServices } from '../../domain/adoption.ts'
import { type Color, colorProject, otherColor } from '../../domain/color.ts'
import { retireOwn } from '../adoption.ts'
import type { Context } from '../command.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { waitDrained } from '../wait-drained.ts'

/** Lets requests and connections on the old color end, or the user's own containers, which users are off already. */
export async function drainOld(run: Run): Promise<StepResult> {
  if (run.adoption !== undefined) {
    await retireOwn(run, run.adoption)
    return { detail: ownServices(run.adoption).join(', ') }
  }
  return (await drain(run, otherColor(run.target), (text) =>
    run.emit({ type: 'step-progress', step: 'drain', text }),
  ))
    ? { detail: 'no request is left on it' }
    : undefined
}

/** Whether all ended within the drain time; if not, it says how many connections end with the color. */
export async function drain(
  context: Context,
  color: Color,
  say: (text: string) => void = () => {},
): Promise<boolean> {
  const left = await waitDrained(context, color, say)
  if (left === 0) return true
  context.emit({
    type: 'note',
    note: {
      note: 'leftover',
      what: `${left} ${left === 1 ? 'connection' : 'connections'} to ${color}`,
      reason: 'the drain time is over; they are cut',
    },
  })
  return false
}

/** Stops the color that users left. Its snapshot stays: a rollback starts it again. */
export async function stopOld({
  ports,
  settings,
  target,
}: Pick<Run, 'ports' | 'settings' | 'target'>): Promise<StepResult> {
  await ports.platform.stop(colorProject(settings.app, otherColor(target)))
  return undefined
}
