import { dirname } from 'node:path'
import type { Platform, ProjectFile } from '../../app/ports/platform.ts'
import { Expected, type Failure } from '../../domain/failure.ts'
import { PROFILE } from '../../domain/labels.ts'
import type { RunOptions } from '../process/run.ts'
import { createTail } from '../process/tail.ts'
import { composeFailure, lastLines } from './compose-failure.ts'
import { type ComposeOptions, PLAIN, type Runner, START_MS, startFailed } from './runner.ts'

/** What is asked of projects whose compose file was resolved and written already. */
export type Projects = Pick<Platform, 'create' | 'make' | 'up' | 'runJob' | 'readLogs'>

const JOB_MS = 60 * 60_000

// The output shall be the job's alone.
const QUIET = ['--ansi', 'never', '--progress', 'quiet']

// Images were pulled and built in a step of their own: a start builds nothing, and pulls only what is not there.
const WITH_WHAT_IS_THERE = ['--no-build', '--pull', 'missing']

// They wait for the switch, made but not started: it is the shorter for it.
const WITH_SINGLETONS = ['--profile', PROFILE.singleton]

export function createProjects({ env, signal }: ComposeOptions, compose: Runner): Projects {
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
    // Services that are named are all that is touched: a dependency that was left out was left out for a reason.
    make: async (project, services) =>
      await start(project, ['up', '--no-start', '--no-deps', ...WITH_WHAT_IS_THERE, ...services]),
    up: async (project) => await start(project, ['up', '-d', '--remove-orphans', ...WITH_WHAT_IS_THERE]),
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
    readLogs: async ({ project, services, follow, tail }, take) => {
      const flags = ['--tail', String(tail), ...(follow ? ['--follow'] : [])]
      const argv = ['-p', project, 'logs', ...flags, ...services] as const
      const inNone: RunOptions = { cwd: WITHOUT_FILES, env: clean, timeoutMs: 0, onLine: take }
      try {
        const { exitCode, stderr } = await compose(argv, { ...inNone, keepBytes: KEPT_BESIDE_LINES })
        const command = `docker compose ${argv.join(' ')}`
        if (exitCode !== 0)
          throw composeFailure(stderr, { code: 'command-failed', command, exitCode, output: stderr })
      } catch (error) {
        // A person ends what they look at: that is no failure.
        if (!signal().aborted) throw error
      }
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
