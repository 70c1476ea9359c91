import { colorProject, otherColor } from '../../domain/color.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { waitDrained } from './start.ts'

/** Lets requests and connections on the old color end; what is left when the drain time is over is told. */
export async function drainOld(run: Run): Promise<StepResult> {
  const left = await waitDrained(run)
  const { longConnections } = run.settings.delivery
  if (left === 0) return { detail: 'no request is left on it' }
  const connections = await run.ports.proxy.drainingConnections()
  run.emit({
    type: 'note',
    note: {
      note: 'leftover',
      what:
        connections === undefined
          ? `${left} nginx workers`
          : `${left} nginx workers, ${connections} connections`,
      reason: `the drain time is over; their connections are ${longConnections === 'keep' ? 'kept until they end' : 'cut'}`,
    },
  })
  return undefined
}

/** Stops the color that users left. Its snapshot stays: a rollback starts it again. */
export async function stopOld(run: Run): Promise<StepResult> {
  await run.ports.platform.stop(colorProject(run.settings.app, otherColor(run.target)))
  return undefined
}
