import { COLORS, colorProject } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Context } from './command.ts'

/**
 * Containers that a dead run was about to stop, or had just started, start with the engine as their compose file has it:
 * users may be on them, or come to them, and a crash of Docker would leave users without.
 */
export async function startWithEngine({ emit, ports, settings }: Context, world: World): Promise<void> {
  const colors = COLORS.flatMap((color) => {
    const release = runningRelease(world, color)
    const known = world.records.snapshots.some(({ id }) => id === release)
    if (release === undefined || !known) return []
    return { project: colorProject(settings.app, color), file: ports.store.composePath(release) }
  })
  const containers = await ports.platform.startWithEngine(colors)
  if (containers.length > 0) emit({ type: 'note', note: { note: 'starts-with-engine', containers } })
}
