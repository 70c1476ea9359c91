import { COLORS, colorProject } from './color.ts'
import type { ContainerFacts, World } from './facts.ts'

/** Where an app lives; `real` resolves links, and tells undefined of a folder that this machine does not have. */
export type Home = {
  projectDir: string
  deploymentDir: string
  real: (directory: string) => string | undefined
}

/** A compose project that bears one of the names of an app and is not the app's. */
export type Foreign = { project: string; directory: string }

/**
 * The first of an app's projects that somebody else has: another folder's application, or, in the place of a color, one
 * that bears no label of this tool, wherever it lies. It is never adopted, stopped or removed. A color whose folder is
 * gone was moved with its folder, and stays the app's.
 */
export function findForeign({ app, containers }: World, home: Home): Foreign | undefined {
  const colors = COLORS.map((color) => colorProject(app, color))
  const found = containers.find((container) => {
    const { project, workingDir } = container
    if (workingDir === undefined) return false
    if (colors.includes(project) && container.app === undefined) return true
    return !livesAt(home, workingDir) && !wasMoved(home, container)
  })
  return found && { project: found.project, directory: found.workingDir ?? '' }
}

function livesAt({ deploymentDir, projectDir, real }: Home, directory: string): boolean {
  const at = real(directory) ?? directory
  const deployments = real(deploymentDir) ?? deploymentDir
  return at === (real(projectDir) ?? projectDir) || `${at}/`.startsWith(`${deployments}/`)
}

function wasMoved({ real }: Home, { app, workingDir = '' }: ContainerFacts): boolean {
  return app !== undefined && real(workingDir) === undefined
}
