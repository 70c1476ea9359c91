import type { ContainerFacts } from '../../domain/facts.ts'
import { Expected } from '../../domain/failure.ts'
import { LABEL } from '../../domain/labels.ts'
import { type Argv, run } from '../process/run.ts'
import { COMPOSE_LABEL, containerFacts } from './container-facts.ts'

/** Looks at containers through the docker command: it starts in 15 ms, dockerode takes 250 ms to import. */
export type Look = {
  /** Containers of the projects, one-off ones included. */
  containers(projects: readonly string[]): Promise<ContainerFacts[]>
  /** The command lines that run in a container; empty: it does not run. */
  top(container: string): Promise<string[]>
  /** Where the compose files of a project lie, as its containers' labels tell. */
  workingDirectories(project: string): Promise<string[]>
  /** The container that publishes a TCP port of the engine's machine. */
  publisher(port: number): Promise<{ container: string; project: string | undefined } | undefined>
  /** The engine answers, else `engine-unreachable`. */
  version(): Promise<{ engine: string; apiVersion: string }>
}

const TIMEOUT_MS = 20_000

const LABELS: readonly string[] = [
  COMPOSE_LABEL.project,
  COMPOSE_LABEL.service,
  COMPOSE_LABEL.oneOff,
  LABEL.app,
  LABEL.color,
  LABEL.release,
  LABEL.role,
]

const FIELDS = ['.ID', '.Names', '.Image', '.State', '.Status', '.Networks'] as const

export type LookOptions = { env: NodeJS.ProcessEnv; signal: () => AbortSignal }

/** A container of a compose project, as the docker command lists it. */
export type ListedRow = {
  id: string
  name: string
  image: string
  state: string
  status: string
  networks: string[]
  labels: Record<string, string>
}

/** All containers of all compose projects; `labels` are read besides those that are always read. */
export async function listRows(options: LookOptions, labels: readonly string[] = []): Promise<ListedRow[]> {
  const names = [...LABELS, ...labels]
  // One label a column: `{{json .Labels}}` is a comma-joined text, and values may hold commas.
  const columns = [...FIELDS, ...names.map((name) => `(.Label "${name}")`)]
  const row = `[${columns.map((field) => `{{json ${field}}}`).join(',')}]`
  const filter = ['--filter', `label=${COMPOSE_LABEL.project}`]
  const docker = dockerOf(options)
  const { exitCode, stdout, stderr } = await docker('ps', '-a', '--no-trunc', ...filter, '--format', row)
  if (exitCode !== 0) throw engineUnreachable(stderr)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [id = '', name = '', image = '', state = '', status = '', networks = '', ...values] = JSON.parse(
      line,
    ) as string[]
    const known = Object.fromEntries(names.map((label, index) => [label, values[index] ?? '']))
    return { id, name, image, state, status, networks: networks.split(',').filter(Boolean), labels: known }
  })
}

export function factsOfRow({ labels, ...row }: ListedRow): ContainerFacts {
  return containerFacts({ ...row, label: (name) => labels[name] })
}

function dockerOf({ env, signal }: LookOptions) {
  return async (...args: string[]) => {
    const argv: Argv = ['docker', ...args]
    return await run(argv, { env, timeoutMs: TIMEOUT_MS, signal: signal() }).catch(withoutDocker)
  }
}

export function createLook(options: LookOptions): Look {
  const docker = dockerOf(options)
  return {
    containers: async (projects) =>
      (await listRows(options)).map(factsOfRow).filter((facts) => projects.includes(facts.project)),
    top: async (container) => {
      const { exitCode, stdout } = await docker('top', container, '-o', 'pid,args')
      if (exitCode !== 0) return []
      return stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.trim().replace(/^\d+\s+/, ''))
    },
    workingDirectories: async (project) => {
      const filter = ['--filter', `label=${COMPOSE_LABEL.project}=${project}`]
      const column = `{{.Label "${COMPOSE_LABEL.workingDirectory}"}}`
      const { exitCode, stdout, stderr } = await docker('ps', '-a', ...filter, '--format', column)
      if (exitCode !== 0) throw engineUnreachable(stderr)
      return [...new Set(stdout.split('\n').filter((line) => line !== ''))]
    },
    publisher: async (port) => {
      const columns = `[{{json .Names}},{{json (.Label "${COMPOSE_LABEL.project}")}}]`
      const { stdout } = await docker('ps', '--filter', `publish=${port}/tcp`, '--format', columns)
      const [first] = stdout.split('\n')
      if (!first) return undefined
      const [container = '', project] = JSON.parse(first) as string[]
      return { container, project: project || undefined }
    },
    version: async () => {
      const { exitCode, stdout, stderr } = await docker('version', '--format', VERSIONS)
      const [engine, apiVersion] = stdout.trim().split(' ')
      if (exitCode !== 0 || !engine || !apiVersion) throw engineUnreachable(stderr)
      return { engine, apiVersion }
    },
  }
}

const VERSIONS = '{{.Server.Version}} {{.Server.APIVersion}}'

/** `engine-unreachable`, with the docker command's own words. */
export function engineUnreachable(output: string, cause?: unknown): Expected {
  return new Expected({ code: 'engine-unreachable', reason: output.trim() || 'docker gave no reason' }, cause)
}

/** Rethrows; a docker command that is not installed is an engine that cannot be reached. */
export function withoutDocker(error: unknown): never {
  const missing = error instanceof Expected && error.cause instanceof Error && 'code' in error.cause
  if (missing && (error.cause as NodeJS.ErrnoException).code === 'ENOENT')
    throw engineUnreachable('The docker command is not in PATH.', error)
  throw error
}
