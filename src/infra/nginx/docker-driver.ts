import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Expected } from '../../domain/failure.ts'
import { LABEL } from '../../domain/labels.ts'
import { COMPOSE_LABEL, MAY_RUN, serviceLabels } from '../docker/container-facts.ts'
import { engineUnreachable, withoutDocker } from '../docker/look.ts'
import { onFile } from '../store/failures.ts'
import type { ExecResult, ProxyContainer, ProxyDriver, ProxyFile } from './driver.ts'
import { PROXY_LABEL } from './proxy-ports.ts'

/** Runs a program to its end, without a shell, whatever its exit code; `outlives`: though this process may end before. */
export type Run = (
  argv: readonly [string, ...string[]],
  options: { timeoutMs: number; outlives?: boolean },
) => Promise<{ exitCode: number; stdout: string; stderr: string }>

const TIMEOUT_MS = 30_000
const PULL_TIMEOUT_MS = 600_000
const COMPOSE_TIMEOUT_MS = 120_000

const LABELS = [LABEL.app, LABEL.role, ...Object.values(PROXY_LABEL)]
const ROW = `[${['.ID', '.Names', '.State', '.Networks', ...LABELS.map((name) => `(.Label "${name}")`)]
  .map((field) => `{{json ${field}}}`)
  .join(',')}]`

const ADDRESSES = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}'

/** The driver over the docker command, which starts in 15 ms where an API client takes 250 ms to import. */
export function createDockerDriver(run: Run): ProxyDriver {
  const docker = async (words: readonly string[], timeoutMs = TIMEOUT_MS) =>
    await run(['docker', ...words], { timeoutMs }).catch(withoutDocker)
  const mustDocker = async (words: readonly string[]) => {
    const result = await docker(words)
    if (result.exitCode !== 0) throw commandFailed(words, result)
    return result
  }
  const putFiles: ProxyDriver['putFiles'] = async (container, directory, files) =>
    await withFolder(files, async (folder) => {
      await mustDocker(['cp', `${folder}/.`, `${container}:${directory}`])
    })

  return {
    putFiles,
    find: async (project) => {
      const filters = ['--filter', `label=${COMPOSE_LABEL.project}=${project}`]
      const { exitCode, stderr, stdout } = await docker([
        'ps',
        '-a',
        '--no-trunc',
        ...filters,
        '--format',
        ROW,
      ])
      if (exitCode !== 0) throw engineUnreachable(stderr)
      return stdout.split('\n').filter(Boolean).map(parseRow)[0]
    },
    mayRun: async (project, service) => {
      const labels = serviceLabels(project, service).map((label) => `label=${label}`)
      const states = MAY_RUN.map((state) => `status=${state}`)
      const filters = [...labels, ...states].flatMap((filter) => ['--filter', filter])
      return (await mustDocker(['ps', '-aq', ...filters])).stdout !== ''
    },
    addresses: async (project) => {
      const { stdout } = await mustDocker([
        'ps',
        '-q',
        '--filter',
        `label=${COMPOSE_LABEL.project}=${project}`,
      ])
      const ids = stdout.split('\n').filter(Boolean)
      if (ids.length === 0) return []
      // One that ended meanwhile is nowhere.
      const told = await docker(['inspect', '--format', ADDRESSES, ...ids])
      return told.stdout.split(/\s+/).filter(Boolean)
    },
    compose: async ({ project, file }, words) => {
      const argv = ['compose', '-p', project, '-f', file, ...words]
      const { exitCode, stderr } = await docker(argv, COMPOSE_TIMEOUT_MS)
      if (exitCode !== 0) throw new Expected({ code: 'start-failed', project, output: stderr.trim() })
    },
    // Compose makes it.
    ensureNetwork: async () => {},
    ensureImage: async (image) => {
      const found = await docker(['image', 'inspect', '--format', '{{.Id}}', image])
      if (found.exitCode === 0) return
      const { exitCode, stderr } = await docker(['pull', '-q', image], PULL_TIMEOUT_MS)
      if (exitCode === 0) return
      throw new Expected({ code: 'image-missing', service: undefined, image, output: stderr.trim() })
    },
    exec: async ({ id }, argv, { timeoutMs }) => resultOf(await docker(['exec', id, ...argv], timeoutMs)),
    // Docker removes it when it ends, whatever became of this run by then.
    tryOut: async ({ image, argv: [program, ...rest], directory, files }) => {
      const label = `${LABEL.role}=try`
      const words = ['--rm', '--network', 'none', '--label', label, '--entrypoint', program, image, ...rest]
      if (files.length === 0) {
        const argv = ['docker', 'run', ...words] as const
        return resultOf(await run(argv, { timeoutMs: TIMEOUT_MS, outlives: true }).catch(withoutDocker))
      }
      // One whose run was killed before it could start it waits for nobody.
      await docker(['container', 'prune', '-f', '--filter', `label=${label}`, '--filter', 'until=10m'])
      const { stdout } = await mustDocker(['create', ...words])
      const container = stdout.trim()
      try {
        await putFiles(container, directory, files)
        return resultOf(await docker(['start', '-a', container]))
      } finally {
        await docker(['rm', '-f', container])
      }
    },
    readFile: async (container, path) => {
      const { exitCode, stdout } = await docker(['cp', `${container}:${path}`, '-'])
      return exitCode === 0 ? onlyFileOfArchive(stdout) : undefined
    },
    processes: async (container) => {
      const { stdout } = await docker(['top', container, '-o', 'pid,args'])
      return stdout.split('\n').slice(1).filter(Boolean)
    },
    errorLines: async (container, { since, lines }) => {
      const from = since ? ['--since', since.toISOString()] : []
      const { stderr } = await docker(['logs', ...from, '--tail', String(lines), container])
      return stderr.split('\n').filter(Boolean)
    },
    leave: async (container, network) => {
      await docker(['network', 'disconnect', '--force', network, container])
    },
    makeInternal: async (name, { app }) => {
      const found = await docker(['network', 'inspect', name])
      if (found.exitCode !== 0)
        await mustDocker(['network', 'create', '--internal', '--label', `${LABEL.app}=${app}`, name])
    },
    removeNetwork: async (name) => {
      await docker(['network', 'rm', name])
    },
    signal: async (container, name) => {
      await mustDocker(['kill', '--signal', name, container])
    },
    kill: async (container) => {
      await docker(['kill', container])
    },
    connect: async (container, networks) => {
      for (const network of networks) {
        const { exitCode, stderr } = await docker(['network', 'connect', network, container])
        if (exitCode !== 0 && !stderr.includes('already exists')) {
          throw commandFailed(['network', 'connect', network, container], { exitCode, stdout: '', stderr })
        }
      }
    },
  }
}

function parseRow(row: string): ProxyContainer {
  const [id = '', name = '', state = '', networks = '', ...labels] = JSON.parse(row) as string[]
  return {
    id,
    name,
    running: state === 'running' || state === 'paused',
    paused: state === 'paused',
    networks: networks.split(',').filter(Boolean),
    labels: Object.fromEntries(LABELS.map((label, index) => [label, labels[index] ?? ''])),
  }
}

async function withFolder<T>(files: readonly ProxyFile[], fn: (folder: string) => Promise<T>): Promise<T> {
  const folder = await onFile(tmpdir(), () => mkdtemp(join(tmpdir(), 'verdigris-')))
  try {
    await onFile(folder, async () => {
      for (const file of files) await writeIn(folder, file)
    })
    return await fn(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeIn(folder: string, file: ProxyFile): Promise<void> {
  const path = join(folder, file.path)
  // 0755 and 0644: nginx's workers read their marks; what is secret says so by its own mode.
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  if ('link' in file) await symlink(file.link, path)
  else await writeFile(path, file.content, { mode: file.mode ?? 0o644 })
}

// `docker cp … -` writes an archive of one file: a header of 512 bytes, the content, zeros.
function onlyFileOfArchive(archive: string): string {
  return archive.slice(512).replace(/\0+$/, '')
}

function resultOf(result: { exitCode: number; stdout: string; stderr: string }): ExecResult {
  return { exitCode: result.exitCode, output: `${result.stdout}${result.stderr}`.trim() }
}

function commandFailed(
  words: readonly string[],
  result: { exitCode: number; stdout: string; stderr: string },
) {
  const { exitCode, stderr } = result
  return new Expected({
    code: 'command-failed',
    command: `docker ${words.join(' ')}`,
    exitCode,
    output: stderr.trim(),
  })
}
