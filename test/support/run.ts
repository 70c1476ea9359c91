import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'

/** How a program ended: 127 where it does not exist, 128 + the signal's number where a signal ended it. */
export interface Ran {
  code: number
  stdout: string
  stderr: string
  durationMs: number
}

export interface RunOptions {
  cwd?: string
  /** The whole environment, not an addition to it. */
  env?: NodeJS.ProcessEnv
  /** Written to the program's stdin; without it stdin is at its end from the start. */
  input?: string
  /** After this long the program is killed; the code is then 137. */
  timeoutMs?: number
  /** Called with every line of stdout, as it comes. */
  onLine?: (line: string) => void
}

/** A program that may still run. */
export interface Running {
  pid: number | undefined
  kill: (signal: NodeJS.Signals) => void
  /** What it has written so far, stdout and stderr as they came. */
  output: () => string
  ended: Promise<Ran>
}

/** Starts a program and collects what it writes. */
export function begin(command: string, args: readonly string[], options: RunOptions = {}): Running {
  const started = performance.now()
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: 'pipe' })
  const written = { stdout: '', stderr: '', both: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      written.both += text
    })
  }
  const { onLine } = options
  if (onLine) createInterface({ input: child.stdout }).on('line', onLine)
  // A program that ends without reading its input closes the pipe; that is its own affair.
  child.stdin.on('error', () => {}).end(options.input)
  const timer = options.timeoutMs ? setTimeout(() => child.kill('SIGKILL'), options.timeoutMs) : undefined
  const ended = new Promise<Ran>((resolve) => {
    const end = (code: number, stderr: string) => {
      clearTimeout(timer)
      resolve({ code, stdout: written.stdout, stderr, durationMs: performance.now() - started })
    }
    child.on('error', (error) => end(127, `${written.stderr}${error.message}`))
    child.on('close', (code, signal) =>
      end(code ?? 128 + constants.signals[signal ?? 'SIGKILL'], written.stderr),
    )
  })
  return { pid: child.pid, kill: (signal) => child.kill(signal), output: () => written.both, ended }
}

/** Runs a program to its end; a code other than 0 is an answer, not an error. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return begin(command, args, options).ended
}

/** Runs a program that has to succeed and returns its stdout; throws with the end of what it wrote. */
export async function must(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const ran = await run(command, args, options)
  if (ran.code === 0) return ran.stdout
  const last = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-15).join('\n')
  throw new Error(`${command} ${args.join(' ')} ended with code ${ran.code}:\n${last}`)
}
