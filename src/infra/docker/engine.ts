import type { ContainerCreateOptions, ContainerInfo, ContainerInspectInfo } from 'dockerode'
import type { ComposeVolume } from '../../domain/compose-model.ts'
import type { ContainerFacts, ImageFacts } from '../../domain/facts.ts'
import { collect, type PutFile, packFiles, unpackFiles } from './archive.ts'
import { type Client, createClient, statusOf } from './client.ts'
import { COMPOSE_LABEL, containerFacts } from './container-facts.ts'
import { demux } from './demux.ts'
import { createNetworks, type Networks } from './networks.ts'

/** A volume to make as a compose file defines it. */
type NewVolume = { name: string; labels: Record<string, string>; definition: ComposeVolume }

type ExecResult = { exitCode: number; stdout: string; stderr: string }

/** What the engine's API does for the adapters above it; containers go by id or name. */
export type Engine = Networks & {
  /** Containers, stopped ones too, that bear all the labels, each `name` or `name=value`. */
  containers(labels: readonly string[]): Promise<ContainerFacts[]>
  /** undefined: there is no such container. */
  inspect(container: string): Promise<ContainerInspectInfo | undefined>
  create(options: ContainerCreateOptions): Promise<{ id: string }>
  start(container: string): Promise<void>
  /** Stops it within its own grace time; one that does not run or exist is no error. */
  stop(container: string): Promise<void>
  /** Removes it, running or not, and leaves its volumes; one that does not exist is no error. */
  removeContainer(container: string): Promise<void>
  exec(
    container: string,
    argv: readonly string[],
    options?: { timeoutMs: number; user?: string | undefined },
  ): Promise<ExecResult>
  /** Puts files below a folder that exists in the container, made or stopped containers too. */
  putFiles(container: string, folder: string, files: readonly PutFile[]): Promise<void>
  /** Files at and below a path, named as the archive names them (its last part first); undefined: no such path. */
  getFiles(container: string, path: string): Promise<Map<string, string> | undefined>
  signal(container: string, name: NodeJS.Signals): Promise<void>
  /** The command lines that run in a container; empty: it does not run. */
  top(container: string): Promise<string[]>
  /** The last lines, oldest first; empty: there is no such container. */
  logs(container: string, lines: number): Promise<string[]>
  /** The engine's own version and that of its API. */
  version(): Promise<{ engine: string; apiVersion: string }>
  /** The container that publishes a TCP port of the engine's machine. */
  publisher(port: number): Promise<{ container: string; project: string | undefined } | undefined>
  image(reference: string): Promise<ImageFacts | undefined>
  tag(imageId: string, reference: string): Promise<void>
  /** Removes one tag; a missing one, or an image that is in use, is no error. */
  untag(reference: string): Promise<void>
  volumeExists(name: string): Promise<boolean>
  createVolume(volume: NewVolume): Promise<void>
  removeVolume(name: string): Promise<void>
}

export function createEngine(options: { env: NodeJS.ProcessEnv; signal: () => AbortSignal }): Engine {
  const client = createClient(options)
  return {
    version: async () => {
      const { ApiVersion, Version } = await client.call('ask its version', (docker) => docker.version())
      return { engine: Version, apiVersion: ApiVersion }
    },
    ...containersOf(client),
    ...insideOf(client),
    ...imagesOf(client),
    ...volumesOf(client),
    ...createNetworks(client),
  }
}

type Part<Name extends keyof Engine> = Pick<Engine, Name>

// A stop may take a container's whole grace time, which a compose file may set to minutes.
const STOP_TIMEOUT_MS = 10 * 60_000

function containersOf({
  call,
  find,
}: Client): Part<
  'containers' | 'publisher' | 'inspect' | 'create' | 'start' | 'stop' | 'removeContainer' | 'signal'
> {
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
    publisher: async (port) => {
      const filters = { publish: [`${port}/tcp`] }
      const [found] = await call('list containers', (docker) => docker.listContainers({ filters }))
      return found && { container: nameOf(found), project: found.Labels[COMPOSE_LABEL.project] }
    },
    inspect: (container) =>
      find(`inspect ${container}`, (docker) => docker.getContainer(container).inspect()),
    create: async (options) => ({
      id: (await call('create a container', (docker) => docker.createContainer(options))).id,
    }),
    start: async (container) => {
      await call(`start ${container}`, (docker) => docker.getContainer(container).start().catch(unless(304)))
    },
    stop: async (container) => {
      const stop = `stop ${container}`
      await call(
        stop,
        (docker) => docker.getContainer(container).stop().catch(unless(304, 404)),
        STOP_TIMEOUT_MS,
      )
    },
    removeContainer: async (container) => {
      // 409: its removal is already going on.
      const remove = { force: true, v: false }
      await call(`remove ${container}`, (docker) =>
        docker.getContainer(container).remove(remove).catch(unless(404, 409)),
      )
    },
    signal: async (container, name) => {
      await call(`signal ${container}`, (docker) => docker.getContainer(container).kill({ signal: name }))
    },
  }
}

function nameOf({ Id, Names }: ContainerInfo): string {
  return (Names[0] ?? Id).replace(/^\//, '')
}

function insideOf({ call, find }: Client): Part<'exec' | 'putFiles' | 'getFiles' | 'top' | 'logs'> {
  return {
    exec: async (container, argv, { timeoutMs, user } = { timeoutMs: 30_000 }) => {
      const what = `exec ${argv.join(' ')}`
      return await call(
        what,
        async (docker) => {
          const exec = await docker
            .getContainer(container)
            .exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true, ...(user && { User: user }) })
          const { stdout, stderr } = demux(await collect(await exec.start({ Tty: false })))
          return { exitCode: (await exec.inspect()).ExitCode ?? 1, stdout, stderr }
        },
        timeoutMs,
      )
    },
    putFiles: async (container, folder, files) => {
      const archive = await packFiles(files)
      await call(`put files into ${container}`, (docker) =>
        docker.getContainer(container).putArchive(archive, { path: folder }),
      )
    },
    getFiles: async (container, path) =>
      await find(`get ${path} from ${container}`, async (docker) =>
        unpackFiles(await docker.getContainer(container).getArchive({ path })),
      ),
    top: async (container) => {
      const listed = await call(`top ${container}`, (docker) =>
        docker
          .getContainer(container)
          .top({ ps_args: '-o pid,args' })
          .catch(unless(404, 409, 500)),
      )
      const rows = (listed as { Processes?: string[][] } | undefined)?.Processes ?? []
      return rows.map((row) => row.at(-1) ?? '')
    },
    logs: async (container, lines) => {
      const wanted = { stdout: true, stderr: true, tail: lines }
      const read = await find(`logs of ${container}`, async (docker) => {
        const { Config } = await docker.getContainer(container).inspect()
        return { tty: Config.Tty, bytes: await docker.getContainer(container).logs(wanted) }
      })
      return read ? linesOf(read) : []
    },
  }
}

function linesOf({ tty, bytes }: { tty: boolean; bytes: unknown }): string[] {
  // dockerode parses an answer that happens to be JSON, as one line of a terminal can be.
  if (!Buffer.isBuffer(bytes)) return [JSON.stringify(bytes)]
  const text = tty ? bytes.toString('utf8') : demux(bytes).all
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
}

function imagesOf({ call, find }: Client): Part<'image' | 'tag' | 'untag'> {
  return {
    image: async (reference) => {
      const found = await find(`inspect image ${reference}`, (docker) => docker.getImage(reference).inspect())
      return found && { id: found.Id, digests: found.RepoDigests ?? [], repoTags: found.RepoTags ?? [] }
    },
    tag: async (imageId, reference) => {
      const { repo, tag } = splitReference(reference)
      await call(`tag ${reference}`, (docker) => docker.getImage(imageId).tag({ repo, tag }))
    },
    untag: async (reference) => {
      await call(`untag ${reference}`, (docker) =>
        docker.getImage(reference).remove().catch(unless(404, 409)),
      )
    },
  }
}

function volumesOf({ call, find }: Client): Part<'volumeExists' | 'createVolume' | 'removeVolume'> {
  return {
    volumeExists: async (name) =>
      (await find(`inspect volume ${name}`, (docker) => docker.getVolume(name).inspect())) !== undefined,
    createVolume: async ({ name, labels, definition }) => {
      const { driver, driver_opts } = definition
      await call(`create volume ${name}`, (docker) =>
        docker.createVolume({
          Name: name,
          Labels: labels,
          ...(driver !== undefined && { Driver: driver }),
          ...(driver_opts !== undefined && { DriverOpts: driver_opts }),
        }),
      )
    },
    removeVolume: async (name) => {
      await call(`remove volume ${name}`, (docker) => docker.getVolume(name).remove().catch(unless(404)))
    },
  }
}

/** Swallows these answers of the engine: what was asked for holds already. */
function unless(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    const status = statusOf(error)
    if (status === undefined || !statuses.includes(status)) throw error
  }
}

/** "host:5000/shop/web:held" → repository and tag; a colon before a slash belongs to the host. */
function splitReference(reference: string): { repo: string; tag: string } {
  const at = reference.lastIndexOf(':')
  if (at <= reference.lastIndexOf('/')) return { repo: reference, tag: 'latest' }
  return { repo: reference.slice(0, at), tag: reference.slice(at + 1) }
}
