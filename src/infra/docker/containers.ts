import type { ContainerCreateOptions, ContainerInfo, ContainerInspectInfo } from 'dockerode'
import type { ContainerFacts } from '../../domain/facts.ts'
import { type Client, unless } from './client.ts'
import { COMPOSE_LABEL, containerFacts } from './container-facts.ts'

type FoundContainer = {
  id: string
  name: string
  /** Its processes are there, be it that they are paused. */
  running: boolean
  paused: boolean
  networks: string[]
  labels: Record<string, string>
}

const ALIVE = ['running', 'paused', 'restarting']

/** Containers, by id or name. */
export type Containers = {
  /** Containers, stopped ones too, that bear all the labels, each `name` or `name=value`. */
  containers(labels: readonly string[]): Promise<ContainerFacts[]>
  /** A container that bears the labels, with all of its own. */
  find(labels: readonly string[]): Promise<FoundContainer | undefined>
  /** IPv4 addresses of running containers that bear the labels, one for each network that they are on. */
  addresses(labels: readonly string[]): Promise<string[]>
  /** The container that publishes a TCP port of the engine's machine. */
  publisher(port: number): Promise<{ container: string; project: string | undefined } | undefined>
  /** undefined: there is no such container. */
  inspect(container: string): Promise<ContainerInspectInfo | undefined>
  create(options: ContainerCreateOptions): Promise<{ id: string }>
  start(container: string): Promise<void>
  /** Stops it within its own grace time; one that does not run or exist is no error. */
  stop(container: string): Promise<void>
  /** Ends it at once, and it stays ended; one that does not run or exist is no error. */
  kill(container: string): Promise<void>
  /** Stops it, within 2 s at most, and starts it. */
  restart(container: string): Promise<void>
  /** Whether the engine, when it starts, starts a container that was stopped, too: `always`. One that is gone is no error. */
  setRestart(container: string, policy: 'always' | 'unless-stopped'): Promise<void>
  /** Removes it, running or not, and leaves its volumes; one that does not exist is no error. */
  removeContainer(container: string): Promise<void>
  signal(container: string, name: string): Promise<void>
}

// A stop may take a container's whole grace time, which a compose file may set to minutes.
const STOP_TIMEOUT_MS = 10 * 60_000

export function createContainers({ call, change, find }: Client): Containers {
  return {
    containers: async (labels) => {
      const filters = { label: [...labels] }
      const listed = await call('list containers', (docker) => docker.listContainers({ all: true, filters }))
      return listed.map((each) =>
        containerFacts({
          id: each.Id,
          name: nameOf(each),
          image: each.Image,
          state: each.State,
          status: each.Status,
          label: (name) => each.Labels[name],
        }),
      )
    },
    find: async (labels) => {
      const filters = { label: [...labels] }
      const [found] = await call('list containers', (docker) => docker.listContainers({ all: true, filters }))
      return (
        found && {
          id: found.Id,
          name: nameOf(found),
          running: ALIVE.includes(found.State),
          paused: found.State === 'paused',
          networks: Object.keys(found.NetworkSettings.Networks),
          labels: found.Labels,
        }
      )
    },
    addresses: async (labels) => {
      const filters = { label: [...labels] }
      const listed = await call('list containers', (docker) => docker.listContainers({ filters }))
      return listed
        .flatMap((each) => Object.values(each.NetworkSettings.Networks))
        .map((network) => network.IPAddress)
        .filter((address) => address !== '')
    },
    publisher: async (port) => {
      const filters = { publish: [`${port}/tcp`] }
      const [found] = await call('list containers', (docker) => docker.listContainers({ filters }))
      return found && { container: nameOf(found), project: found.Labels[COMPOSE_LABEL.project] }
    },
    inspect: (container) =>
      find(`inspect ${container}`, (docker) => docker.getContainer(container).inspect()),
    create: async (options) => ({
      id: (await change('create a container', (docker) => docker.createContainer(options))).id,
    }),
    start: async (container) => {
      await change(`start ${container}`, (docker) =>
        docker.getContainer(container).start().catch(unless(304)),
      )
    },
    stop: async (container) => {
      const stop = `stop ${container}`
      await change(
        stop,
        (docker) => docker.getContainer(container).stop().catch(unless(304, 404)),
        STOP_TIMEOUT_MS,
      )
    },
    kill: async (container) => {
      await change(`kill ${container}`, (docker) =>
        docker.getContainer(container).kill().catch(unless(404, 409)),
      )
    },
    restart: async (container) => {
      await change(`restart ${container}`, (docker) => docker.getContainer(container).restart({ t: 2 }))
    },
    setRestart: async (container, policy) => {
      const RestartPolicy = { Name: policy }
      await change(`update ${container}`, (docker) =>
        docker.getContainer(container).update({ RestartPolicy }).catch(unless(404)),
      )
    },
    removeContainer: async (container) => {
      // 409: its removal is already going on.
      const remove = { force: true, v: false }
      await change(`remove ${container}`, (docker) =>
        docker.getContainer(container).remove(remove).catch(unless(404, 409)),
      )
    },
    signal: async (container, name) => {
      await change(`signal ${container}`, (docker) => docker.getContainer(container).kill({ signal: name }))
    },
  }
}

export function nameOf({ Id, Names }: ContainerInfo): string {
  return (Names[0] ?? Id).replace(/^\//, '')
}
