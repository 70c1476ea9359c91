import { randomBytes } from 'node:crypto'
import { type Argv, run } from './run.ts'

/** The environment variable by which a command in a container, and all that it started, is found again. */
export const MARK = 'VERDIGRIS_MARK'

export function newMark(): string {
  return randomBytes(12).toString('hex')
}

// The engine ends no exec: whoever asked may go, its processes stay. Their environment tells them from the service's
// own. Arguments: the mark. Only what sh, grep and kill of any image know; without them the processes stay.
const END = `
each() {
  for process in /proc/[0-9]*; do
    grep -qsF "${MARK}=$2" "$process/environ" && kill "-$1" "\${process#/proc/}" 2> /dev/null && found=1
  done
}
found=
each TERM "$1"
left=25
while [ -n "$found" ] && [ $left -gt 0 ]; do
  sleep 0.2
  found=
  each 0 "$1"
  left=$((left - 1))
done
each KILL "$1"
`

const TIMEOUT_MS = 15_000

/** Ends what a command in a container left there; a container that has no shell keeps it. */
export async function endInside(container: string, mark: string, env: NodeJS.ProcessEnv): Promise<void> {
  const argv: Argv = ['docker', 'exec', container, 'sh', '-c', END, 'verdigris', mark]
  await run(argv, { env, timeoutMs: TIMEOUT_MS }).catch(() => undefined)
}
