import { dirname } from 'node:path'
import type { Say } from '../../app/ports/platform.ts'
import type { ComposeModel } from '../../domain/compose-model.ts'
import { Expected, type Failure } from '../../domain/failure.ts'
import type { Definitions } from '../../domain/shared-services.ts'
import { composeFailure, lastLines, recogniseFailure } from './compose-failure.ts'
import { createProjects, type Projects } from './projects.ts'
import { type ComposeOptions, createRunner, PLAIN, START_MS, startFailed } from './runner.ts'

/** The Compose command line: everything that Compose defines is asked of Compose. */
export type Compose = Projects & {
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
  /** Makes containers of services of the user's own files that have none, and starts none. */
  createOwn(services: readonly string[]): Promise<void>
}

// "db 1fbd251a…"
const HASHED = /^(\S+) ([0-9a-f]+)$/gm

const NEEDED_COMPOSE = '2.20'

const LOOK_MS = 60_000
const IMAGES_MS = 60 * 60_000

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
    createOwn: async (services) => {
      const create = ['create', '--no-recreate', '--no-build', '--pull', 'missing', ...services]
      const argv = [...own, ...PLAIN, ...create]
      const { exitCode, stderr } = await compose(argv, { ...inOwn, timeoutMs: START_MS })
      if (exitCode !== 0) throw composeFailure(stderr, startFailed(app, stderr))
    },
    ...createProjects(options, compose),
  }
}

function sayer(say: Say): (line: string) => void {
  return (line) => {
    if (line.trim() !== '') say(line.trim())
  }
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
