import { type Color, colorProject } from '../domain/color.ts'
import { activeColor } from '../domain/drift.ts'
import { Expected } from '../domain/failure.ts'
import type { Context } from './command.ts'
import { observeWorld } from './world.ts'

/** Shows what a color's services logged: the active one's unless told otherwise. */
export async function showLogs(
  { ports, settings }: Context,
  options: { color: Color | undefined; service: string | undefined; follow: boolean; tail: number },
): Promise<void> {
  const color = options.color ?? activeColor(await observeWorld(ports, settings.app))
  if (color === undefined) throw new Expected({ code: 'nothing-deployed' })
  await ports.platform.showLogs({
    project: colorProject(settings.app, color),
    services: options.service === undefined ? [] : [options.service],
    follow: options.follow,
    tail: options.tail,
  })
}
