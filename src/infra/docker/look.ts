import type { ContainerInfo, ImageInfo } from 'dockerode'
import type { ContainerFacts } from '../../domain/facts.ts'
import { Expected } from '../../domain/failure.ts'
import type { ListedImage } from '../../domain/held-images.ts'
import { LABEL } from '../../domain/labels.ts'
import { type Argv, run } from '../process/run.ts'
import { COMPOSE_LABEL, containerFacts } from './container-facts.ts'
import { nameOf } from './containers.ts'
import { listedImage } from './listed-image.ts'
import { askSocket, type LookOptions } from './socket.ts'

const TIMEOUT_MS = 20_000

const LABELS: readonly string[] = [
  COMPOSE_LABEL.project,
  COMPOSE_LABEL.service,
  COMPOSE_LABEL.oneOff,
  COMPOSE_LABEL.workingDirectory,
  COMPOSE_LABEL.definition,
  LABEL.app,
  LABEL.color,
  LABEL.release,
  LABEL.role,
]

const FIELDS = ['.ID', '.Names', '.Image', '.State', '.Status', '.Networks'] as const

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
  const told = (await askSocket(options, LIST)) as ContainerInfo[] | undefined
  return told?.map(rowOf) ?? (await askCommand(options, labels))
}

const LIST = `/containers/json?all=true&filters=${encodeURIComponent(JSON.stringify({ label: [COMPOSE_LABEL.project] }))}`

function rowOf(listed: ContainerInfo): ListedRow {
  return {
    id: listed.Id,
    name: nameOf(listed),
    image: listed.Image,
    state: listed.State,
    status: listed.Status,
    networks: Object.keys(listed.NetworkSettings.Networks),
    labels: listed.Labels,
  }
}

/** All images, those without a name, too. */
export async function listImages(options: LookOptions): Promise<ListedImage[]> {
  const told = (await askSocket(options, '/images/json?all=true')) as ImageInfo[] | undefined
  if (told !== undefined) return told.map(listedImage)
  const argv: Argv = ['docker', 'images', '-a', '--no-trunc', '--format', IMAGE]
  const lines = (await ask(options, argv)).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [Id = '', tag = ''] = JSON.parse(line) as string[]
    return listedImage({ Id, RepoTags: [tag] })
  })
}

const IMAGE = '[{{json .ID}},{{json (printf "%s:%s" .Repository .Tag)}}]'

async function ask(options: LookOptions, argv: Argv): Promise<string> {
  const asked = { env: options.env, timeoutMs: TIMEOUT_MS, signal: options.signal() }
  const { exitCode, stdout, stderr } = await run(argv, asked).catch(withoutDocker)
  if (exitCode !== 0) throw engineUnreachable(stderr)
  return stdout
}

async function askCommand(options: LookOptions, labels: readonly string[]): Promise<ListedRow[]> {
  const names = [...LABELS, ...labels]
  // One label a column: `{{json .Labels}}` is a comma-joined text, and values may hold commas.
  const columns = [...FIELDS, ...names.map((name) => `(.Label "${name}")`)]
  const row = `[${columns.map((field) => `{{json ${field}}}`).join(',')}]`
  const filter = ['--filter', `label=${COMPOSE_LABEL.project}`]
  const argv: Argv = ['docker', 'ps', '-a', '--no-trunc', ...filter, '--format', row]
  const lines = (await ask(options, argv)).split('\n').filter((line) => line !== '')
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
