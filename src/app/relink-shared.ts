import { COLORS, colorProject } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Platform } from './ports.ts'
import { linkShared } from './steps/start.ts'

/** Joins shared containers to the networks of both colors again: one that was recreated has lost them. */
export async function relinkShared(platform: Platform, world: World): Promise<void> {
  for (const color of COLORS) {
    const release = runningRelease(world, color)
    const links = world.records.snapshots.find((snapshot) => snapshot.id === release)?.links ?? []
    if (links.length === 0) continue
    await linkShared(platform, { app: world.app, project: colorProject(world.app, color), links })
  }
}
