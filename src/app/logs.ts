import { type Color, colorProject } from '../domain/color.ts'
import { activeColor } from '../domain/drift.ts'
import { Expected } from '../domain/failure.ts'
import type { Context } from './command.ts'
import type { TakeLine } from './ports/platform.ts'
import { observeWorld } from './world.ts'

/** Reads what a color's services logged, the active one's unless told otherwise; `wrong-usage` where none is so named. */
export async function readLogs(
  { ports, settings }: Context,
  options: { color: Color | undefined; service: string | undefined; follow: boolean; tail: number },
  take: TakeLine,
): Promise<void> {
  const { color: asked, follow, service, tail } = options
  const color = asked ?? activeColor(await observeWorld(ports, settings.app))
  if (color === undefined) throw new Expected({ code: 'nothing-deployed' })
  const project = colorProject(settings.app, color)
  const known = new Set((await ports.platform.containers([project])).map((each) => each.service))
  if (service !== undefined && !known.has(service)) throw unknownService(service, color, [...known])
  const services = service === undefined ? [] : [service]
  await ports.platform.readLogs({ project, services, follow, tail }, take)
}

function unknownService(service: string, color: Color, known: readonly string[]): Expected {
  const message = `There is no service "${service}" in ${color}.`
  const next = known.length === 0 ? ['upgrade status'] : known.map((each) => `upgrade logs ${color} ${each}`)
  return new Expected({ code: 'wrong-usage', message, next })
}
