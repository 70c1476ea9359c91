import type { ProxyPorts } from '../../../src/app/ports/proxy.ts'
import type { Journal, Snapshot } from '../../../src/app/ports/records.ts'
import { type Color, colorProject } from '../../../src/domain/color.ts'
import type { ComposeModel } from '../../../src/domain/compose-model.ts'
import type { ContainerFacts } from '../../../src/domain/facts.ts'
import type { Freeze, LockHolder } from '../../../src/domain/failure.ts'
import type { HistoryEntry, ReleaseId } from '../../../src/domain/release.ts'
import type { Site } from '../../../src/domain/site.ts'

/** A machine with one app on it, as plain values: what outlives a run of the program. */
export type World = {
  nowMs: number
  /** The user's own compose file, resolved. */
  compose: ComposeModel
  /** Counts containers, so that one made anew is another. */
  made: number
  containers: ContainerFacts[]
  /** Containers that the engine starts with itself, stopped or not. */
  always: string[]
  /** Containers that were taken off their networks. */
  detached: string[]
  networks: { project: string; key: string; name: string }[]
  /** Reference → id. */
  images: Record<string, string>
  proxy: ProxyWorld | undefined
  active: Color | undefined
  history: HistoryEntry[]
  snapshots: Record<ReleaseId, Snapshot>
  journal: Journal | undefined
  lock: { holder: LockHolder; alive: boolean } | undefined
  freeze: Freeze | undefined
}

export type ProxyWorld = {
  running: boolean
  ports: ProxyPorts
  networks: string[]
  /** Each generation, and the color it sends users to by now. */
  generations: Record<number, { site: Site; leadsTo: Color | undefined }>
  /** The generation that workers were last reloaded with. */
  loaded: number
  /** Files of that generation that somebody changed. */
  changed: string[]
  draining: number
  /** Only preview and management are published. */
  waiting: boolean
  /** Its ports are published; one that stands ready in a hand-over runs without. */
  open: boolean
}

export const APP = 'shop'

/** The color users are sent to. */
export function leadsTo({ proxy }: World): Color | undefined {
  return proxy?.running === true && proxy.open ? proxy.generations[proxy.loaded]?.leadsTo : undefined
}

/** The user's own container that has the port of users; one that has lost its networks has none. */
export function ownWeb({ containers, detached }: World): ContainerFacts | undefined {
  return containers.find(
    ({ id, project, service, state }) =>
      project === APP && service === 'web' && state === 'running' && !detached.includes(id),
  )
}

/** Who has the port of users. */
export function portHolder(world: World): 'proxy' | 'own' | undefined {
  const { proxy } = world
  if (proxy?.running === true && proxy.open && !proxy.waiting) return 'proxy'
  return ownWeb(world) === undefined ? undefined : 'own'
}

export function inColor(world: World, color: Color): ContainerFacts[] {
  const project = colorProject(APP, color)
  return world.containers.filter((container) => container.project === project)
}

/** The container that answers requests sent to a color, if nginx can reach it. */
export function webOf(world: World, color: Color): ContainerFacts | undefined {
  const reached = world.networks.some(
    ({ name, project }) =>
      project === colorProject(APP, color) && world.proxy?.networks.includes(name) === true,
  )
  const web = inColor(world, color).find((each) => each.service === 'web' && each.state === 'running')
  return reached ? web : undefined
}

/** What users are on while plain Compose runs the app, which is of no release. */
export const OWN = 'own'

/** The release users are on, or their own containers. */
export function releaseOfUsers(world: World): ReleaseId | undefined {
  const color = leadsTo(world)
  if (color === undefined) return ownWeb(world) === undefined ? undefined : OWN
  return webOf(world, color)?.release
}

/** The same world once more. What is written down is replaced whole, never changed: it is shared. */
export function copyOf(world: World): World {
  const { proxy } = world
  return {
    ...world,
    containers: world.containers.map((container) => ({ ...container })),
    always: [...world.always],
    detached: [...world.detached],
    networks: [...world.networks],
    images: { ...world.images },
    proxy: proxy && {
      ...proxy,
      networks: [...proxy.networks],
      generations: Object.fromEntries(
        Object.entries(proxy.generations).map(([number, generation]) => [number, { ...generation }]),
      ),
    },
    history: [...world.history],
    snapshots: { ...world.snapshots },
    lock: world.lock && { ...world.lock },
  }
}

/** A value as it was written, which nobody changes any more: who tries throws. */
export function written<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) written(inner)
  }
  return value
}
