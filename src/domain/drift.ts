import { didSwitch } from './choose-rollback.ts'
import { COLORS, type Color, colorProject } from './color.ts'
import type { ContainerFacts, Drift, World } from './facts.ts'
import type { ReleaseId } from './release.ts'
import { differingShared } from './shared-services.ts'

/** The color users are on, as the running nginx answers; undefined: none, or there is no nginx to ask. */
export function observedActive(world: World): Color | undefined {
  return world.proxy.state === 'running' ? world.proxy.active : undefined
}

/** The color users are on: what nginx answers or, where no nginx can be asked, what was written down last. */
export function activeColor(world: World): Color | undefined {
  return world.proxy.state === 'running' ? world.proxy.active : world.records.active
}

/** The release that runs in a color: as the proxy knows it, else as its containers' labels say. */
export function observedRelease(world: World, color: Color): ReleaseId | undefined {
  const known = world.proxy.state === 'running' ? world.proxy.releases[color] : undefined
  return known ?? containersOf(world, color).find((container) => container.release !== undefined)?.release
}

/** Every difference between what was written down and what is. */
export function judgeDrift(world: World): Drift[] {
  return [...judgeProxy(world), ...judgeActive(world), ...judgeShared(world), ...judgeSnapshots(world)]
}

function judgeProxy({ proxy, records, containers }: World): Drift[] {
  if (proxy.state === 'running') return []
  const deployed = records.active !== undefined || containers.some((each) => each.color !== undefined)
  return deployed ? [{ kind: 'proxy-down', state: proxy.state }] : []
}

function judgeActive(world: World): Drift[] {
  const { proxy, records } = world
  if (proxy.state !== 'running') return []
  const observed = proxy.active
  const drift: Drift[] = []
  if (records.active !== observed) drift.push({ kind: 'active-record', recorded: records.active, observed })
  if (observed === undefined) return drift
  return [...drift, ...judgeRelease(world, observed), ...judgeRunning(world, observed)]
}

function judgeRelease(world: World, color: Color): Drift[] {
  const last = world.records.history.findLast(didSwitch)
  const observed = observedRelease(world, color)
  if (last?.release === undefined || last.to !== color || last.release === observed) return []
  return [{ kind: 'release-record', color, recorded: last.release, observed }]
}

function judgeRunning(world: World, color: Color): Drift[] {
  const containers = containersOf(world, color)
  const release = observedRelease(world, color)
  const snapshot = world.records.snapshots.find((each) => each.id === release)
  // Singletons run where users are; jobs ran before.
  const expected = snapshot?.services
    .filter((each) => each.class === 'colored' || each.class === 'singleton')
    .map((each) => each.name)
  const names = new Set(expected ?? containers.map((container) => container.service))
  const running = [...names].filter((service) =>
    containers.some((container) => container.service === service && container.state === 'running'),
  ).length
  if (names.size > 0 && running === names.size) return []
  return [{ kind: 'active-not-running', color, running, expected: Math.max(1, names.size) }]
}

function judgeShared(world: World): Drift[] {
  const active = observedActive(world)
  const release = active && observedRelease(world, active)
  const snapshot = world.records.snapshots.find((each) => each.id === release)
  const services = differingShared(snapshot?.definitions ?? {}, world)
  return release === undefined || services.length === 0 ? [] : [{ kind: 'shared-differs', release, services }]
}

function judgeSnapshots(world: World): Drift[] {
  return COLORS.flatMap((color) => {
    const release = observedRelease(world, color)
    const inUse =
      release !== undefined && (color === observedActive(world) || containersOf(world, color).length > 0)
    if (!inUse || world.records.snapshots.some((each) => each.id === release)) return []
    return { kind: 'snapshot-lost', color, release }
  })
}

function containersOf(world: World, color: Color): ContainerFacts[] {
  const project = colorProject(world.app, color)
  return world.containers.filter((container) => container.project === project && !container.oneOff)
}
