import type { Commands } from '../../app/ports/commands.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import { randomHex } from '../digest.ts'
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
      const mark = randomHex(16)
      const told = { ...env, [MARK]: mark }
      // Names only: docker takes the values from its own environment, so that no process list shows them.
      const names = Object.keys(told).flatMap((name) => ['--env', name])
      const argv: Argv = ['docker', 'exec', ...names, container, ...command]
      const given = { env: { ...options.env, ...told }, onLine, timeoutMs, signal: options.signal() }
      try {
        return (await run(argv, given)).exitCode
      } catch (error) {
        const failure = failureOf(error)
        if (failure?.code !== 'timed-out' && failure?.code !== 'interrupted') throw error
        const ended = await endMarked(container, { mark, env: options.env })
        if (failure.code === 'timed-out' && ended) throw new Expected({ ...failure, inside: 'ended' }, error)
        throw error
      }
    },
  }
}

/** All that a command begins inherits it: by it the command is found again, whatever it calls itself. */
const MARK = 'VERDIGRIS_MARK'

// Only what every image with a shell has. Arguments: the mark.
const END_MARKED = `
marked() {
  found=
  for each in /proc/[0-9]*; do
    if grep -qs "${MARK}=$1" "$each/environ"; then found="$found \${each#/proc/}"; fi
  done
  [ -n "$found" ]
}
marked "$1" && kill -TERM $found
for second in 1 2 3 4 5; do
  marked "$1" || exit 0
  sleep 1
done
marked "$1" || exit 0
kill -KILL $found
`

/**
 * Ends what a command that is waited for no longer began in a container, where the docker command ends alone. False:
 * it may go on, for in an image without a shell nothing can look for it.
 */
async function endMarked(
  container: string,
  { env, mark }: { env: NodeJS.ProcessEnv; mark: string },
): Promise<boolean> {
  const argv: Argv = ['docker', 'exec', container, 'sh', '-c', END_MARKED, 'verdigris', mark]
  const ending = await run(argv, { env, timeoutMs: 10_000 }).catch(() => undefined)
  return ending?.exitCode === 0
}
