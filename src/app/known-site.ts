import { buildSite } from '../domain/build-site.ts'
import { didSwitch } from '../domain/choose-rollback.ts'
import { COLORS, type Color } from '../domain/color.ts'
import { activeColor } from '../domain/drift.ts'
import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import type { Metadata } from '../domain/release.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Settings } from '../domain/settings.ts'
import type { Site } from '../domain/site.ts'
import type { Context } from './command.ts'
import type { ProxyPorts } from './ports/proxy.ts'

/** A color that runs, and the snapshot of what runs in it. */
export type RunningColor = { color: Color; metadata: Metadata }

/**
 * The site that users' color is reached by: as it is installed, or, where the proxy or that file of it is gone, made
 * again from what runs and its snapshots. undefined: there is nothing yet that users could be led to.
 */
export async function knownSite(context: Context, world: World): Promise<Site | undefined> {
  const { ports, settings } = context
  const installed = world.proxy.state === 'absent' ? undefined : await ports.proxy.current()
  if (installed !== undefined) return installed
  const releases = runningColors(world)
  const active = activeColor(world)
  if (!releases.some(({ color }) => color === active)) return refuseUnknown(world)
  return rebuiltSite({
    world,
    releases,
    generation: world.proxy.state === 'running' ? world.proxy.generation : 0,
    ports: await ports.proxy.ports(listenPorts(releases)),
    settings,
  })
}

/** A site without the color that users are on would take it from them. */
function refuseUnknown({ proxy, records }: World): undefined {
  const id =
    proxy.state === 'running' && proxy.active !== undefined ? proxy.releases[proxy.active] : undefined
  if (id === undefined) return undefined
  throw new Expected({ code: 'snapshot-missing', id, known: records.snapshots.map((each) => each.id) })
}

export function runningColors(world: World): RunningColor[] {
  return COLORS.flatMap((color) => {
    const release = runningRelease(world, color)
    const metadata = world.records.snapshots.find((snapshot) => snapshot.id === release)
    return metadata === undefined ? [] : [{ color, metadata }]
  })
}

export function listenPorts(releases: readonly RunningColor[]): number[] {
  return [...new Set(releases.flatMap(({ metadata }) => metadata.routes.map((route) => route.listen)))].sort(
    (a, b) => a - b,
  )
}

/** A site made of what runs: users go where nginx or, without one to ask, the records say. */
export function rebuiltSite(from: {
  world: World
  releases: readonly RunningColor[]
  generation: number
  ports: ProxyPorts
  settings: Pick<Settings, 'drainTimeoutMs' | 'delivery'>
}): Site {
  const colors = Object.fromEntries(
    from.releases.map(({ color, metadata }) => [color, { release: metadata.id, routes: metadata.routes }]),
  )
  return buildSite({
    app: from.world.app,
    generation: from.generation,
    active: lastActive(from.world, from.releases),
    colors,
    ports: from.ports,
    drainTimeoutMs: from.settings.drainTimeoutMs,
    delivery: from.settings.delivery,
  })
}

/** The color that nginx says or that was written down, if it still runs, else the one that does. */
function lastActive(world: World, releases: readonly RunningColor[]): Color | undefined {
  const written = activeColor(world) ?? world.records.history.findLast(didSwitch)?.to
  return (releases.find(({ color }) => color === written) ?? releases[0])?.color
}
