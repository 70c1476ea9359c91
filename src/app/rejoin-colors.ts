import { COLORS, colorProject } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Ports } from './ports.ts'
import { type Joined, linkShared } from './steps/start.ts'

/**
 * Joins the proxy and the shared containers to the networks of both colors again: a database that was recreated
 * has lost them, and a color that was brought up by hand has made new ones.
 */
export async function rejoinColors(
  { platform, proxy }: Pick<Ports, 'platform' | 'proxy'>,
  world: World,
): Promise<Joined[]> {
  const joined = await Promise.all(
    COLORS.map(async (color) => {
      const release = runningRelease(world, color)
      if (release === undefined) return []
      const project = colorProject(world.app, color)
      const networks =
        world.proxy.state === 'running'
          ? await proxy.join((await platform.networks(project)).map((network) => network.name))
          : []
      const links = world.records.snapshots.find((snapshot) => snapshot.id === release)?.links ?? []
      const shared = links.length > 0 ? await linkShared(platform, { app: world.app, project, links }) : []
      return [...networks.map((network) => ({ service: 'nginx', network })), ...shared]
    }),
  )
  return joined.flat()
}
