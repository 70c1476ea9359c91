import { type Color, colorProject, otherColor } from '../domain/color.ts'
import { Expected } from '../domain/failure.ts'
import type { Outcome } from '../domain/outcome.ts'
import { type Context, type Held, runCommand } from './command.ts'
import { drain } from './steps/drain.ts'

/** Stops the color that users are not on, or removes its containers; its snapshots stay. */
export function cleanup(
  context: Context,
  options: { color: Color | undefined; containers: 'stop' | 'remove' },
): Promise<Outcome> {
  return runCommand(context, 'cleanup', async (held) => {
    const color = chooseColor(held, options.color)
    // Requests that the last switch left on the old color end first.
    if (held.world.proxy.state === 'running') await drain(context, color)
    const project = colorProject(context.settings.app, color)
    const present = held.world.containers.filter((container) => container.project === project)
    const { platform } = context.ports
    held.begins('cleanup')
    if (options.containers === 'remove') await platform.remove(project)
    else if (present.some((container) => container.state === 'running')) await platform.stop(project)
    return { kind: 'cleaned', color, removed: options.containers === 'remove', containers: present.length }
  })
}

function chooseColor({ active }: Held, asked: Color | undefined): Color {
  if (asked !== undefined && asked === active)
    throw new Expected({ code: 'active-untouchable', color: asked })
  if (asked !== undefined) return asked
  if (active === undefined) throw new Expected({ code: 'nothing-deployed' })
  return otherColor(active)
}
