import type { Link, Move, Platform } from '../../app/ports/platform.ts'
import type { ComposeNetwork, ComposeVolume } from '../../domain/compose-model.ts'
import type { ContainerLook } from '../../domain/health.ts'
import type { NamedVolume } from '../../domain/service.ts'
import { COMPOSE_LABEL } from '../docker/container-facts.ts'
import type { Engine } from '../docker/engine.ts'
import { alwaysInFile, alwaysInModel, runningAlwaysAgain, withAlwaysAgain } from './always-again.ts'
import { createAttachments } from './attachments.ts'
import type { Compose } from './compose-cli.ts'
import { handOver } from './hand-over.ts'
import { settleAll } from './part.ts'
import { type Stops, stopProject } from './stop-project.ts'

type PlatformDeps = { app: string; compose: Compose; engine: Engine }

/** Compose on one engine: Compose for what a compose file defines, the engine's API for what it does not. */
export function createPlatform({ app, compose: asked, ...stops }: PlatformDeps & Stops): Platform {
  const { engine } = stops
  const compose = { ...asked, version: once(asked.version) }
  const deps = { app, compose, engine }
  const model = once(compose.model)
  const own = { project: app, alwaysIn: alwaysInModel(model) }
  // Of a color only singletons are started so, none of which ever starts with the engine.
  const moved = (move: Move) =>
    handOver(stops, move, move.to?.project === app ? own.alwaysIn : async () => [])
  return {
    check: once(async () => {
      const [versions, composeVersion] = await Promise.all([engine.version(), compose.version()])
      return { ...versions, compose: composeVersion }
    }),
    model,
    definitions: once(compose.definitions),
    pull: async (services, say) => {
      await settleAll(services.map((service) => compose.pull(service, say)))
    },
    build: async (services, say) => {
      if (services.length > 0) await compose.build(services, say)
    },
    pullDigest: engine.pullDigest,
    image: engine.image,
    images: engine.images,
    hold: engine.tag,
    release: async (tags) => {
      for (const tag of tags) await engine.untag(tag)
    },
    ensureVolumes: (volumes) => ensureVolumes(deps, volumes),
    ensureNetworks: (project, networks) => ensureNetworks(deps, project, networks),
    startShared: async (services) => await withAlwaysAgain(engine, own, () => compose.startShared(services)),
    recreateShared: async (services) =>
      await withAlwaysAgain(engine, own, () => compose.recreateShared(services)),
    runJob: async (project, job, say) => {
      try {
        return await compose.runJob(project, job, say)
      } catch (error) {
        await removeOneOff(engine, { project: project.project, service: job.service })
        throw error
      }
    },
    create: compose.create,
    up: async ({ file, project }) =>
      await withAlwaysAgain(engine, { project, alwaysIn: alwaysInFile(file) }, () =>
        compose.up({ file, project }),
      ),
    make: compose.make,
    start: (project, services) => moved({ from: undefined, to: { project, services } }),
    handOver: moved,
    startWithEngine: async (colors) => {
      const parts = colors.map(({ file, project }) => ({ project, alwaysIn: alwaysInFile(file) }))
      const given = await Promise.all([own, ...parts].map((part) => runningAlwaysAgain(engine, part)))
      return given.flat().sort()
    },
    signal: engine.signal,
    stop: (project, services) => stopProject(stops, { project, services }),
    remove: (project) => removeProject(stops, project),
    containers: async (projects) =>
      (await engine.containers([COMPOSE_LABEL.project])).filter(({ project }) => projects.includes(project)),
    networks: engine.networks,
    addressSpace: engine.addressSpace,
    connect: async (links) => {
      const made: Link[] = []
      for (const link of links) if (await engine.connect(link)) made.push(link)
      return made
    },
    inspect: (project) => inspectProject(engine, project),
    logs: engine.logs,
    readLogs: compose.readLogs,
    publisher: engine.publisher,
    createOwn: (services) => createOwn(deps, services),
    ...createAttachments(engine),
  }
}

/** Asks once: whoever asks again, or asked early to gain time, gets the same answer. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => {
    asked ??= ask()
    asked.catch(() => {})
    return asked
  }
}

async function ensureVolumes(
  { app, compose, engine }: PlatformDeps,
  volumes: readonly NamedVolume[],
): Promise<void> {
  for (const { key, name, definition } of volumes) {
    if (await engine.volumeExists(name)) continue
    const labels = {
      [COMPOSE_LABEL.project]: app,
      [COMPOSE_LABEL.volume]: key,
      [COMPOSE_LABEL.version]: await compose.version(),
    }
    await engine.createVolume({ name, labels: { ...definitionLabels(definition), ...labels }, definition })
  }
}

/** They are removed here: Compose would make what they depend on anew, too, where its definition changed. */
async function createOwn({ app, compose, engine }: PlatformDeps, services: readonly string[]): Promise<void> {
  const there = await engine.containers([`${COMPOSE_LABEL.project}=${app}`])
  const old = there.filter(({ oneOff, service }) => !oneOff && services.includes(service))
  await Promise.all(old.map(({ id }) => engine.removeContainer(id)))
  await compose.createOwn(services)
}

async function ensureNetworks(
  { compose, engine }: PlatformDeps,
  project: string,
  networks: Record<string, ComposeNetwork | null>,
): Promise<void> {
  const there = (await engine.networks(project)).map(({ key }) => key)
  for (const [key, network] of Object.entries(networks)) {
    if (there.includes(key) || !isPlain(network ?? {})) continue
    const labels = {
      [COMPOSE_LABEL.project]: project,
      [COMPOSE_LABEL.network]: key,
      [COMPOSE_LABEL.version]: await compose.version(),
    }
    await engine.makeSmallNetwork({
      name: `${project}_${key}`,
      labels: { ...definitionLabels(network ?? {}), ...labels },
      internal: network?.internal === true,
    })
  }
}

/** Nothing is said of it but what every network has: whoever says more gets it from Compose. */
function isPlain(network: ComposeNetwork): boolean {
  const said = Object.entries(network).filter(([key]) => !['labels', 'internal'].includes(key))
  return said.every(([, value]) => isEmpty(value))
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

function definitionLabels({ labels }: ComposeVolume | ComposeNetwork): Record<string, string> {
  return typeof labels === 'object' && labels !== null && !Array.isArray(labels)
    ? (labels as Record<string, string>)
    : {}
}

/** A job that was interrupted, or whose time was over, must not go on beside the way back. */
async function removeOneOff(engine: Engine, job: { project: string; service: string }): Promise<void> {
  const labels = [
    `${COMPOSE_LABEL.project}=${job.project}`,
    `${COMPOSE_LABEL.service}=${job.service}`,
    `${COMPOSE_LABEL.oneOff}=True`,
  ]
  const left = await engine.containers(labels).catch(() => [])
  for (const { id } of left) await engine.removeContainer(id).catch(() => {})
}

async function removeProject(stops: Stops, project: string): Promise<void> {
  const { engine } = stops
  const own = new Set((await engine.containers([`${COMPOSE_LABEL.project}=${project}`])).map(({ id }) => id))
  const networks = await engine.networks(project)
  await stopProject(stops, { project, services: undefined })
  await Promise.all([...own].map((id) => engine.removeContainer(id)))
  for (const { name } of networks) {
    // A network that the proxy or a shared container still sits on cannot be removed.
    for (const id of await engine.containersOn(name)) if (!own.has(id)) await engine.disconnect(id, name)
    await engine.removeNetwork(name)
  }
}

async function inspectProject(engine: Engine, project: string): Promise<ContainerLook[]> {
  const listed = await engine.containers([`${COMPOSE_LABEL.project}=${project}`])
  const states = await Promise.all(
    listed.filter(({ oneOff }) => !oneOff).map(({ id }) => stateOf(engine, id)),
  )
  return states.filter((state) => state !== undefined)
}

async function stateOf(engine: Engine, id: string): Promise<ContainerLook | undefined> {
  const found = await engine.inspect(id)
  if (!found) return undefined
  const { State } = found
  const health = State.Health?.Status
  return {
    id,
    name: found.Name.replace(/^\//, ''),
    service: found.Config.Labels[COMPOSE_LABEL.service] ?? '',
    running: State.Running,
    restarting: State.Restarting,
    paused: State.Paused,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    restarts: found.RestartCount,
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : undefined,
    healthOutput: State.Health?.Log.at(-1)?.Output.trim(),
    // A container that never started has the year 1.
    startedAt: Math.max(0, Date.parse(State.StartedAt)),
  }
}
