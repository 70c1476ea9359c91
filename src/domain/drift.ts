import { didSwitch } from './choose-rollback.ts'
import { COLORS, type Color, colorProject, otherColor } from './color.ts'
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
  return known ?? labelled(containersOf(world, color))
}

/** Every difference between what was written down and what is. */
export function judgeDrift(world: World): Drift[] {
  return [
    ...world.records.setAside.map((each) => ({ kind: 'record-set-aside' as const, ...each })),
    ...judgeProxy(world),
    ...judgeActive(world),
    ...judgeStandby(world),
    ...judgeOwn(world),
    ...judgeForeign(world),
    ...judgeShared(world),
    ...judgeSnapshots(world),
  ]
}

/** What is not as it was installed, by the names of files. */
export function judgeFiles(files: readonly string[]): Drift[] {
  return files.length === 0 ? [] : [{ kind: 'proxy-files', files: [...files] }]
}

const PASSING: readonly Drift['kind'][] = [
  'history-record',
  'foreign-containers',
  'singleton-astray',
  'own-beside',
]

/** A run that is under way makes these differ for a moment; when it has ended, they agree. */
export function outlastsRuns({ kind }: Drift): boolean {
  return !PASSING.includes(kind)
}

/** What `doctor --fix` can put right without anybody's choice, and without a gap for users. */
export function isMendable({ kind }: Drift): boolean {
  switch (kind) {
    case 'active-record':
    case 'release-record':
    case 'history-record':
    case 'proxy-files':
    case 'proxy-down':
      return true
    case 'record-set-aside':
    case 'foreign-containers':
    case 'singleton-astray':
    case 'own-beside':
    case 'active-not-running':
    case 'shared-differs':
    case 'snapshot-lost':
      return false
  }
}

/** Drift that users feel. */
export function isFelt({ kind }: Drift): boolean {
  return kind === 'proxy-down' || kind === 'active-not-running'
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
  if (last?.to !== color)
    return [{ kind: 'history-record', recorded: last?.to, observed: color, release: observed }]
  if (last.release === undefined || last.release === observed) return []
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

/** Singletons run where users are; one that somebody started beside them does its work twice. */
function judgeStandby(world: World): Drift[] {
  const active = observedActive(world)
  if (active === undefined) return []
  const color = otherColor(active)
  const containers = containersOf(world, color).filter(({ state }) => state === 'running')
  const release = labelled(containers)
  const snapshot = world.records.snapshots.find((each) => each.id === release)
  const services = (snapshot?.services ?? [])
    .filter((each) => each.class === 'singleton')
    .map((each) => each.name)
    .filter((name) => containers.some(({ service }) => service === name))
  return services.length === 0 ? [] : [{ kind: 'singleton-astray', color, services }]
}

/** What `docker compose up` brings up beside a color: nobody is sent to it, and a worker does its work twice. */
function judgeOwn(world: World): Drift[] {
  const active = observedActive(world)
  const release = active && observedRelease(world, active)
  const snapshot = world.records.snapshots.find((each) => each.id === release)
  const own = world.containers
    .filter(({ oneOff, project, state }) => project === world.app && !oneOff && state === 'running')
    .map(({ service }) => service)
  const beside = (snapshot?.services ?? []).filter(
    (each) => (each.class === 'colored' || each.class === 'singleton') && own.includes(each.name),
  )
  if (beside.length === 0) return []
  const twice = beside.filter((each) => each.class === 'singleton').map(({ name }) => name)
  return [{ kind: 'own-beside', services: beside.map(({ name }) => name), twice }]
}

function judgeForeign(world: World): Drift[] {
  return COLORS.flatMap((color) => {
    const foreign = containersOf(world, color).filter(({ release }) => release === undefined)
    if (foreign.length === 0) return []
    return { kind: 'foreign-containers', color, containers: foreign.map(({ name }) => name).sort() }
  })
}

function judgeShared(world: World): Drift[] {
  const active = observedActive(world)
  const release = active && observedRelease(world, active)
  const snapshot = world.records.snapshots.find((each) => each.id === release)
  const services = differingShared(snapshot?.definitions ?? {}, world)
  return release === undefined || services.length === 0 ? [] : [{ kind: 'shared-differs', release, services }]
}

function judgeSnapshots(world: World): Drift[] {
  const active = observedActive(world)
  return COLORS.flatMap((color) => {
    // Of the standby nginx may still know what an attempt left there; its containers say what it is now.
    const release = color === active ? observedRelease(world, color) : labelled(containersOf(world, color))
    if (release === undefined || world.records.snapshots.some((each) => each.id === release)) return []
    return { kind: 'snapshot-lost', color, release }
  })
}

/** The release that containers were made for. */
function labelled(containers: readonly ContainerFacts[]): ReleaseId | undefined {
  return containers.find((container) => container.release !== undefined)?.release
}

function containersOf(world: World, color: Color): ContainerFacts[] {
  const project = colorProject(world.app, color)
  return world.containers.filter((container) => container.project === project && !container.oneOff)
}
