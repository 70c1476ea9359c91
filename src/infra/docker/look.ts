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
  LABEL.color,
  LABEL.release,
]

// One label a column: `{{json .Labels}}` is a comma-joined text, and values may hold commas.
const ROW = `[${[
  '.ID',
  '.Names',
  '.Image',
  '.State',
  '.Status',
  ...LABELS.map((name) => `(.Label "${name}")`),
]
  .map((field) => `{{json ${field}}}`)
  .join(',')}]`

export function createLook(options: { env: NodeJS.ProcessEnv; signal: () => AbortSignal }): Look {
  const docker = async (...args: string[]) => {
    const argv: Argv = ['docker', ...args]
    const { env, signal } = options
    return await run(argv, { env, timeoutMs: TIMEOUT_MS, signal: signal() }).catch(withoutDocker)
  }
  return {
    containers: async (projects) => {
      const filter = ['--filter', `label=${COMPOSE_LABEL.project}`]
      const { exitCode, stdout, stderr } = await docker('ps', '-a', '--no-trunc', ...filter, '--format', ROW)
      if (exitCode !== 0) throw engineUnreachable(stderr)
      return parseRows(stdout).filter((facts) => projects.includes(facts.project))
    },
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

function parseRows(stdout: string): ContainerFacts[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', name = '', image = '', state = '', status = '', ...values] = JSON.parse(
        line,
      ) as string[]
      const label = (wanted: string) => values[LABELS.indexOf(wanted)]
      return containerFacts({ id, name, image, state, status, label })
    })
}

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
