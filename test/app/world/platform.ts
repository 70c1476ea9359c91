import type { Platform, ProjectFile } from '../../../src/app/ports/platform.ts'
import { parseColor } from '../../../src/domain/color.ts'
import type { ComposeModel, ComposeService } from '../../../src/domain/compose-model.ts'
import type { ContainerFacts } from '../../../src/domain/facts.ts'
import { Expected } from '../../../src/domain/failure.ts'
import type { ContainerLook } from '../../../src/domain/health.ts'
import { PROFILE } from '../../../src/domain/labels.ts'
import { runsAlways } from '../../../src/domain/restart-policy.ts'
import type { Faults } from './faults.ts'
import { addNetwork, removeNetworks } from './networks.ts'
import { ownOf, taken } from './own.ts'
import { comeUpWithEngine, stayDown } from './restarts.ts'
import { DEPLOYMENTS, ENDS_AT_ONCE, FAILS_UNDER_USERS } from './shop.ts'
import { APP, leadsTo, ownWeb, portHolder, type World } from './world.ts'

/** An engine and Compose: projects come up and go in several effects, as they do. */
export function platformOf(world: World, { heeding, lookHeeding }: Faults): Platform {
  const stop = (project: string, services?: readonly string[]) => {
    for (const container of ofProject(world, project))
      if (services?.includes(container.service) ?? true) container.state = 'exited'
  }
  const started = (project: string, services: readonly string[]) => {
    for (const container of ofProject(world, project))
      if (services.includes(container.service)) run(world, container)
  }
  const ownComeUp = () => comeUpWithEngine(world, APP, world.compose)
  return {
    check: () => lookHeeding('check', () => ({ engine: '27.0', compose: '2.30', apiVersion: '1.47' })),
    model: () => lookHeeding('model', () => world.compose),
    definitions: () => lookHeeding('definitions', () => ({})),
    pull: () => heeding('pull', () => {}),
    build: () => heeding('build', () => {}),
    pullDigest: () => heeding('pullDigest', () => {}),
    images: () =>
      lookHeeding('images', () => Object.entries(world.images).map(([tag, id]) => ({ id, tags: [tag] }))),
    image: (reference) => lookHeeding('image', () => imageOf(world, reference)),
    hold: (id, tag) =>
      heeding('hold', () => {
        world.images[tag] = id
      }),
    release: (tags) => heeding('release', ...tags.map((tag) => () => delete world.images[tag]), () => {}),
    ensureVolumes: () => heeding('ensureVolumes', () => {}),
    startShared: (services) =>
      heeding('startShared', () => {
        for (const service of services) start(world, { project: APP, service, model: world.compose })
      }),
    recreateShared: () => heeding('recreateShared', () => {}),
    runJob: (project, { service }) =>
      heeding('runJob', () => {
        const model = modelAt(world, project)
        return `${service} ${model.services[service]?.image}`
      }),
    ensureNetworks: (project, networks) =>
      heeding('ensureNetworks', () => {
        for (const key of Object.keys(networks)) addNetwork(world, { project, key })
      }),
    create: (project) =>
      heeding(
        'create',
        () => makeNetworks(world, project),
        () => make(world, project, withSingletons(world, project)),
      ),
    make: (project, services) => heeding('make', () => make(world, project, services)),
    up: (project) =>
      heeding(
        'up',
        () => makeNetworks(world, project),
        () => make(world, project),
        () => startAll(world, project),
        () => comeUpWithEngine(world, project.project, modelAt(world, project)),
      ),
    start: (project, services) => heeding('start', () => started(project, services), ownComeUp),
    handOver: ({ from, to }) => {
      const ends = from?.services.map((service) => () => stop(from.project, [service])) ?? []
      const starts = to?.services.map((service) => () => started(to.project, [service])) ?? []
      return heeding('handOver', ...ends, ...starts, ownComeUp)
    },
    startWithEngine: (colors) =>
      heeding('startWithEngine', ownComeUp, () => {
        for (const color of colors) comeUpWithEngine(world, color.project, modelAt(world, color))
        return []
      }),
    signal: (id, name) =>
      heeding('signal', () => {
        const container = world.containers.find((each) => each.id === id)
        if (name === 'KILL' && container !== undefined) container.state = 'exited'
      }),
    stop: (project, services) =>
      heeding(
        'stop',
        () => stayDown(world, project, services),
        () => stop(project, services),
      ),
    remove: (project) =>
      heeding(
        'remove',
        () => stayDown(world, project),
        () => stop(project),
        () => {
          world.containers = world.containers.filter((container) => container.project !== project)
        },
        () => removeNetworks(world, project),
      ),
    containers: (projects) =>
      lookHeeding('containers', () =>
        world.containers
          .filter((container) => projects.includes(container.project))
          .map((container) => ({ ...container })),
      ),
    networks: (project) =>
      lookHeeding('networks', () => world.networks.filter((network) => network.project === project)),
    addressSpace: () => lookHeeding('addressSpace', () => ({ pools: [], subnets: [], routes: [] })),
    connect: () => heeding('connect', () => []),
    inspect: (project) =>
      lookHeeding('inspect', () => ofProject(world, project).map((each) => lookAt(world, each))),
    logs: () => lookHeeding('logs', () => []),
    readLogs: () => lookHeeding('readLogs', () => {}),
    publisher: () =>
      lookHeeding('publisher', () => {
        const own = ownWeb(world)
        return own && { container: own.name, project: own.project }
      }),
    ...ownOf(world, { heeding, lookHeeding }),
  }
}

function imageOf(world: World, reference: string) {
  const id = world.images[reference]
  return id === undefined ? undefined : { id, digests: [], repoTags: [reference], origin: 'here' as const }
}

function ofProject(world: World, project: string): ContainerFacts[] {
  return world.containers.filter((container) => container.project === project)
}

function modelAt(world: World, { file, project }: ProjectFile): ComposeModel {
  const id = file.slice(DEPLOYMENTS.length + 1).split('/')[0] ?? ''
  const snapshot = world.snapshots[id]
  if (snapshot === undefined) throw failed(project, `open ${file}: no such file or directory`)
  return snapshot.model
}

function failed(project: string, output: string): Expected {
  return new Expected({ code: 'start-failed', project, output })
}

function makeNetworks(world: World, target: ProjectFile): void {
  const { project } = target
  for (const key of Object.keys(modelAt(world, target).networks ?? {})) addNetwork(world, { project, key })
}

/** Services with a profile of their own come up only when they are named. */
function wanted({ services }: ComposeModel, named?: readonly string[]): string[] {
  return named ? [...named] : Object.keys(services).filter((name) => services[name]?.profiles === undefined)
}

function withSingletons(world: World, project: ProjectFile): string[] {
  const { services } = modelAt(world, project)
  return Object.keys(services).filter((name) => !services[name]?.profiles?.includes(PROFILE.job))
}

/** Containers of this very release stay; others are replaced, and those of services that are gone go. */
function make(world: World, target: ProjectFile, named?: readonly string[]): void {
  const { project } = target
  const model = modelAt(world, target)
  world.containers = world.containers.filter(
    (each) => each.project !== project || model.services[each.service] !== undefined,
  )
  for (const service of wanted(model, named)) {
    const definition = model.services[service]
    if (definition?.image === undefined || world.images[definition.image] === undefined)
      throw failed(project, `no such image: ${definition?.image}`)
    const made = containerOf(world, { project, service, definition })
    const present = ofProject(world, project).find((each) => each.service === service)
    if (present?.release === made.release && present?.image === made.image) continue
    world.containers = world.containers.filter((each) => each !== present)
    world.containers.push(made)
  }
}

function startAll(world: World, target: ProjectFile): void {
  const services = wanted(modelAt(world, target))
  for (const container of ofProject(world, target.project)) {
    if (!services.includes(container.service)) continue
    run(world, container)
  }
}

function run(world: World, container: ContainerFacts): void {
  const publishes = container.project === APP && container.service === 'web'
  if (publishes && !world.detached.includes(container.id) && portHolder(world) === 'proxy') throw taken()
  container.state = world.images[container.image] === ENDS_AT_ONCE ? 'exited' : 'running'
}

function start(world: World, what: { project: string; service: string; model: ComposeModel }): void {
  const { model, project, service } = what
  const definition = model.services[service]
  const present = ofProject(world, project).find((each) => each.service === service)
  const container = present ?? containerOf(world, { project, service, definition: definition ?? {} })
  container.state = 'running'
  if (present === undefined) world.containers.push(container)
}

export function containerOf(
  world: World,
  what: { project: string; service: string; definition: ComposeService },
): ContainerFacts {
  const { definition, project, service } = what
  world.made += 1
  const id = `container-${world.made}`
  if (runsAlways(definition)) world.always.push(id)
  return {
    id,
    name: `${project}-${service}-1`,
    project,
    service,
    app: definition.labels?.['verdigris.app'],
    color: parseColor(definition.labels?.['verdigris.color'] ?? ''),
    release: definition.labels?.['verdigris.release'],
    image: definition.image ?? '',
    state: 'created',
    health: undefined,
    status: '',
    oneOff: false,
    workingDir: undefined,
    definition: undefined,
  }
}

function lookAt(world: World, container: ContainerFacts): ContainerLook {
  const { color, id, image, name, service, state } = container
  const suffers = world.images[image] === FAILS_UNDER_USERS && color === leadsTo(world)
  return {
    id,
    name,
    service,
    running: state === 'running',
    restarting: false,
    paused: false,
    exitCode: state === 'exited' ? 1 : 0,
    oomKilled: false,
    restarts: 0,
    health: suffers ? 'unhealthy' : undefined,
    healthOutput: undefined,
    startedAt: state === 'created' ? 0 : 1,
  }
}
