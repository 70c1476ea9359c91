import { type Color, colorProject } from './color.ts'
import type { World } from './facts.ts'
import type { ReleaseId } from './release.ts'

/** The release whose containers run in a color, by their labels; undefined: none runs. */
export function runningRelease(world: World, color: Color): ReleaseId | undefined {
  const project = colorProject(world.app, color)
  return world.containers.find((each) => each.project === project && each.state === 'running' && !each.oneOff)
    ?.release
}
