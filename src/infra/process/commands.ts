import type { Commands } from '../../app/ports/commands.ts'
import { type Argv, run } from './run.ts'

/** Commands on this machine, and in containers through the docker command, which passes their lines on as they come. */
export function createCommands(options: { env: NodeJS.ProcessEnv; signal: () => AbortSignal }): Commands {
  return {
    onHost: async (command, { directory, env, onLine, timeoutMs }) => {
      const inFolder = { cwd: directory, env: { ...options.env, ...env } }
      const { exitCode } = await run(command, { ...inFolder, onLine, timeoutMs, signal: options.signal() })
      return exitCode
    },
    inContainer: async (container, command, { env, onLine, timeoutMs }) => {
      // Names only: docker takes the values from its own environment, so that no process list shows them.
      const names = Object.keys(env).flatMap((name) => ['--env', name])
      const argv: Argv = ['docker', 'exec', ...names, container, ...command]
      const given = { env: { ...options.env, ...env }, onLine, timeoutMs, signal: options.signal() }
      return (await run(argv, given)).exitCode
    },
  }
}
