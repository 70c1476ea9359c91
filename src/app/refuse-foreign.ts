import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import { findForeign } from '../domain/foreign.ts'
import type { Settings } from '../domain/settings.ts'
import type { Machine } from './ports/machine.ts'

/** Another folder's application of the same name is never adopted, and never touched: `name-taken`. */
export async function refuseForeign(
  { machine, settings }: { machine: Pick<Machine, 'realPath'>; settings: Settings },
  world: World,
): Promise<void> {
  const { deploymentDir, projectDir } = settings
  const named = world.containers.flatMap(({ workingDir }) => (workingDir === undefined ? [] : [workingDir]))
  const directories = [...new Set([projectDir, deploymentDir, ...named])]
  const real = new Map(
    await Promise.all(directories.map(async (path) => [path, await machine.realPath(path)] as const)),
  )
  const foreign = findForeign(world, { projectDir, deploymentDir, real: (path) => real.get(path) })
  if (foreign !== undefined) throw new Expected({ code: 'name-taken', ...foreign })
}
