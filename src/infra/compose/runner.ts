import { access } from 'node:fs/promises'
import { Expected, type Failure } from '../../domain/failure.ts'
import { withoutDocker } from '../docker/look.ts'
import { type RunOptions, type RunResult, run } from '../process/run.ts'
import { lastLines } from './compose-failure.ts'
import { findCompose } from './find-compose.ts'

export type ComposeOptions = {
  app: string
  projectDir: string
  /** Empty: Compose searches projectDir itself. */
  composeFiles: readonly string[]
  env: NodeJS.ProcessEnv
  signal: () => AbortSignal
}

/** Runs Compose with these arguments; what goes wrong before it starts is an expected failure. */
export type Runner = (args: readonly string[], options: RunOptions) => Promise<RunResult>

export const START_MS = 10 * 60_000

// Compose ≥ 2.19 knows --progress; recent ones draw even into a pipe unless told not to.
export const PLAIN = ['--ansi', 'never', '--progress', 'plain']

export function createRunner({ env, projectDir, signal }: ComposeOptions): Runner {
  const program = findCompose(env)
  return async (args, options) =>
    await run([...program, ...args], { ...options, signal: signal() }).catch(async (error: unknown) => {
      // A folder that is not there makes the same ENOENT as a program that is not.
      if (options.cwd === projectDir)
        await access(projectDir).catch(() => Promise.reject(fileMissing(projectDir)))
      return withoutDocker(error)
    })
}

export function startFailed(project: string, stderr: string): Failure {
  return { code: 'start-failed', project, output: lastLines(stderr) }
}

function fileMissing(directory: string): Expected {
  return new Expected({ code: 'compose-file-missing', directory })
}
