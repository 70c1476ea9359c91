import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ProjectFile, Say } from '../../app/ports/platform.ts'
import type { ComposeModel } from '../../domain/compose-model.ts'
import { Expected, type Failure } from '../../domain/failure.ts'
import type { Job } from '../../domain/jobs.ts'
import { PROFILE } from '../../domain/labels.ts'
import type { Definitions } from '../../domain/shared-services.ts'
import { withoutDocker } from '../docker/look.ts'
import { type RunOptions, type RunResult, run } from '../process/run.ts'
import { createTail } from '../process/tail.ts'
import { composeFailure, lastLines, recogniseFailure } from './compose-failure.ts'
import { findCompose } from './find-compose.ts'

/** The Compose command line: everything that Compose defines is asked of Compose. */
export type Compose = {
  /** `compose-missing`, `compose-too-old`. */
  version(): Promise<string>
  /** Profiles are Compose's own business: COMPOSE_PROFILES decides which services the model has. */
  model(): Promise<ComposeModel>
  /** Service → hash of its definition, as Compose writes it on the containers that it makes. */
  definitions(): Promise<Definitions>
  /** Pulls one service's image; `image-missing`. */
  pull(service: string, say: Say): Promise<void>
  build(services: readonly string[], say: Say): Promise<void>
  /** Starts services of the user's own files, none of which is recreated, and nothing else. */
  startShared(services: readonly string[]): Promise<void>
  /** Makes services of the user's own files anew, if Compose finds them changed, and nothing else. */
  recreateShared(services: readonly string[]): Promise<void>
  create(project: ProjectFile): Promise<void>
  up(project: ProjectFile, services?: readonly string[]): Promise<void>
  /** Runs a service once, to its end, and returns what it wrote; `job-failed`. */
  runJob(project: ProjectFile, job: Job, say: Say): Promise<string>
  showLogs(options: {
    project: string
    services: readonly string[]
    follow: boolean
    tail: number
  }): Promise<void>
}

export type ComposeOptions = {
  app: string
  projectDir: string
  /** Empty: Compose searches projectDir itself. */
  composeFiles: readonly string[]
  env: NodeJS.ProcessEnv
  signal: () => AbortSignal
}

// "db 1fbd251a…"
const HASHED = /^(\S+) ([0-9a-f]+)$/gm

const NEEDED_COMPOSE = '2.20'

const LOOK_MS = 60_000
const START_MS = 10 * 60_000
const IMAGES_MS = 60 * 60_000
const JOB_MS = 60 * 60_000

export function createCompose(options: ComposeOptions): Compose {
  const { app } = options
  const compose = createRunner(options)
  // The user's own files under the app's name, so that what starts is what their own `docker compose up` would.
  const own = ['-p', app, ...options.composeFiles.flatMap((file) => ['-f', file])]
  const inOwn = { cwd: options.projectDir, env: options.env }
  const model = async () => {
    const { exitCode, stdout, stderr } = await compose([...own, 'config', '--format', 'json'], {
      ...inOwn,
      timeoutMs: LOOK_MS,
    })
    if (exitCode !== 0) throw new Expected(modelFailure(stderr, options))
    return JSON.parse(stdout) as ComposeModel
  }
  const definitions = async () => {
    const { exitCode, stdout, stderr } = await compose([...own, 'config', '--hash', '*'], {
      ...inOwn,
      timeoutMs: LOOK_MS,
    })
    if (exitCode !== 0) throw new Expected(modelFailure(stderr, options))
    return Object.fromEntries(
      [...stdout.matchAll(HASHED)].map(([, service = '', hash = '']) => [service, hash]),
    )
  }
  const upShared = async (flags: readonly string[], services: readonly string[]) => {
    if (services.length === 0) return
    const up = ['up', '-d', '--no-deps', ...flags, ...services]
    const { exitCode, stderr } = await compose([...own, ...PLAIN, ...up], { ...inOwn, timeoutMs: START_MS })
    if (exitCode !== 0) throw composeFailure(stderr, startFailed(app, stderr))
  }
  const imageOf = async (service: string) => (await model()).services[service]?.image ?? service
  return {
    version: async () => {
      const { exitCode, stdout, stderr } = await compose(['version', '--short'], {
        env: options.env,
        timeoutMs: LOOK_MS,
      })
      if (exitCode !== 0) throw composeFailure(stderr, { code: 'compose-missing' })
      const found = stdout.trim().replace(/^v/, '')
      if (!isNewEnough(found)) throw new Expected({ code: 'compose-too-old', found, needed: NEEDED_COMPOSE })
      return found
    },
    model,
    definitions,
    pull: async (service, say) => {
      const { exitCode, stderr } = await compose([...own, ...PLAIN, 'pull', service], {
        ...inOwn,
        timeoutMs: IMAGES_MS,
        onLine: sayer(say),
      })
      if (exitCode === 0) return
      const failure = recogniseFailure(stderr)
      if (failure && failure.code !== 'image-missing') throw new Expected(failure)
      throw new Expected({
        code: 'image-missing',
        service,
        image: await imageOf(service),
        output: lastLines(stderr),
      })
    },
    build: async (services, say) => {
      const build = { ...inOwn, timeoutMs: IMAGES_MS, onLine: sayer(say) }
      const { exitCode, stdout, stderr } = await compose([...own, ...PLAIN, 'build', ...services], build)
      if (exitCode === 0) return
      const output = lastLines(`${stdout}\n${stderr}`)
      const failure = recogniseFailure(stderr)
      // A base image that cannot be had is a failed build, and the build's own words say it best.
      if (failure && failure.code !== 'image-missing') throw new Expected(failure)
      throw new Expected({ code: 'build-failed', services: [...services], output })
    },
    startShared: async (services) => await upShared(['--no-recreate'], services),
    recreateShared: async (services) => await upShared([], services),
    ...projectsOf(options, compose),
  }
}

type Runner = (args: readonly string[], options: RunOptions) => Promise<RunResult>

// Compose ≥ 2.19 knows --progress; recent ones draw even into a pipe unless told not to.
const PLAIN = ['--ansi', 'never', '--progress', 'plain']

// The output shall be the job's alone.
const QUIET = ['--ansi', 'never', '--progress', 'quiet']

// Images were pulled and built in a step of their own: a start builds nothing, and pulls only what is not there.
const WITH_WHAT_IS_THERE = ['--no-build', '--pull', 'missing']

// They wait for the switch, made but not started: it is the shorter for it.
const WITH_SINGLETONS = ['--profile', PROFILE.singleton]

function projectsOf(
  { env, signal }: ComposeOptions,
  compose: Runner,
): Pick<Compose, 'create' | 'up' | 'runJob' | 'showLogs'> {
  // What configures Compose for the user's files must not leak into files that are resolved already.
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('COMPOSE_')))
  const start = async (
    { project, file }: ProjectFile,
    args: readonly string[],
    flags: readonly string[] = [],
  ) => {
    const argv = ['-p', project, '-f', file, ...flags, ...PLAIN, ...args]
    const { exitCode, stderr } = await compose(argv, { cwd: dirname(file), env: clean, timeoutMs: START_MS })
    if (exitCode !== 0) throw composeFailure(stderr, startFailed(project, stderr))
  }
  return {
    create: async (project) => await start(project, ['create', ...WITH_WHAT_IS_THERE], WITH_SINGLETONS),
    up: async (project, services = []) => {
      // Services that were named are all that may start: a dependency that was left out was left out for a reason.
      const named = services.length > 0 ? ['--no-deps', ...services] : []
      await start(project, ['up', '-d', '--remove-orphans', ...WITH_WHAT_IS_THERE, ...named])
    },
    runJob: async ({ project, file }, { command = [], service }, say) => {
      const kept = createTail(JOB_OUTPUT_CHARACTERS)
      const onLine = (line: string) => {
        kept.add(line)
        say(line)
      }
      const argv = ['-p', project, '-f', file, ...QUIET, 'run', ...JOB_FLAGS, service, ...command]
      const inFolder = { cwd: dirname(file), env: clean, timeoutMs: JOB_MS }
      const { exitCode } = await compose(argv, { ...inFolder, onLine, keepBytes: KEPT_BESIDE_LINES })
      const output = kept.text()
      // A job may write anything: its words are shown, not recognised.
      if (exitCode !== 0) throw new Expected(jobFailed(service, command, { exitCode, output }))
      return output
    },
    showLogs: async ({ project, services, follow, tail }) => {
      const flags = ['--tail', String(tail), ...(follow ? ['--follow'] : [])]
      const show: RunOptions = { cwd: WITHOUT_FILES, env: clean, timeoutMs: 0, output: 'show' }
      // A person ends what follows: that is no failure.
      await compose(['-p', project, 'logs', ...flags, ...services], show).catch((error: unknown) => {
        if (!follow || !signal().aborted) throw error
      })
    },
  }
}

function jobFailed(
  service: string,
  command: readonly string[],
  ended: { exitCode: number; output: string },
): Failure {
  const { exitCode } = ended
  const output = lastLines(ended.output)
  return { code: 'job-failed', service, command: command.join(' ') || undefined, exitCode, output }
}

// What a snapshot keeps of a job's output.
const JOB_OUTPUT_CHARACTERS = 1024 ** 2
// Lines are kept in their order as they come; each stream alone is of no use.
const KEPT_BESIDE_LINES = 1024

const JOB_FLAGS = ['--rm', '-T', '--no-deps', '--quiet-pull']

// With no compose file in sight Compose goes by the labels of the project's containers.
const WITHOUT_FILES = '/'

function createRunner({ env, projectDir, signal }: ComposeOptions): Runner {
  const program = findCompose(env)
  return async (args, options) =>
    await run([...program, ...args], { ...options, signal: signal() }).catch(async (error: unknown) => {
      // A folder that is not there makes the same ENOENT as a program that is not.
      if (options.cwd === projectDir)
        await access(projectDir).catch(() => Promise.reject(fileMissing(projectDir)))
      return withoutDocker(error)
    })
}

function sayer(say: Say): (line: string) => void {
  return (line) => {
    if (line.trim() !== '') say(line.trim())
  }
}

function startFailed(project: string, stderr: string): Failure {
  return { code: 'start-failed', project, output: lastLines(stderr) }
}

function fileMissing(directory: string): Expected {
  return new Expected({ code: 'compose-file-missing', directory })
}

function modelFailure(stderr: string, { projectDir, composeFiles }: ComposeOptions): Failure {
  const lost = /open (?<path>[^\n]+): no such file or directory/.exec(stderr)?.groups?.path
  if (/no configuration file provided/.test(stderr) || composeFiles.some((file) => file === lost))
    return { code: 'compose-file-missing', directory: lost ? dirname(lost) : projectDir }
  return recogniseFailure(stderr) ?? { code: 'compose-file-invalid', output: lastLines(stderr) }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [neededMajor = 0, neededMinor = 0] = NEEDED_COMPOSE.split('.').map(Number)
  return major > neededMajor || (major === neededMajor && minor >= neededMinor)
}
