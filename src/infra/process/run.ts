import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { Expected } from '../../domain/failure.ts'
import { interruptedBy } from './interruption.ts'

type ChildProcess = ChildProcessByStdio<null, Readable, Readable>

/** A program and its arguments; no shell ever sees them. */
export type Argv = readonly [program: string, ...args: string[]]

export type RunOptions = {
  cwd?: string | undefined
  /** The whole environment; undefined: this process's. */
  env?: NodeJS.ProcessEnv | undefined
  /** After this the program gets SIGTERM, and SIGKILL five seconds later. 0: no deadline. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Every line of both streams, as it comes; while it returns a promise, no more are read of that stream. */
  onLine?: ((line: string) => void | Promise<void>) | undefined
  /** It gets to its end, and clears away what it made, though this process may end before. */
  outlives?: boolean
  /** What is kept of each stream; of a longer one the end is kept, where errors stand. */
  keepBytes?: number
}

export type RunResult = { exitCode: number; stdout: string; stderr: string }

const KILL_AFTER_MS = 5_000
// What never ends its line is passed on in pieces.
const LONGEST_LINE = 64 * 1024
const KEEP_BYTES = 32 * 1024 * 1024

// Every child leads a process group of its own. A Ctrl-C on the terminal goes to the whole foreground group: it
// would end a `docker compose up` in the middle of its work before this run has decided whether to take back.
// So children hear of it from here only: by the abort signal, or when this process ends before they do.
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) killGroup(child, 'SIGTERM')
})

/**
 * Runs a program to its end and returns what it wrote, whatever its exit code. Throws `command-failed` when it
 * cannot be started, `timed-out` and `interrupted`. It is ours because execa costs 0.2 s to import.
 */
export async function run(argv: Argv, options: RunOptions): Promise<RunResult> {
  const { signal, timeoutMs } = options
  if (signal?.aborted) throw interruptedBy(signal)
  const [program, ...args] = argv
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (!options.outlives) running.add(child)
  const kept = keep(child, options)
  const stopping = stopOn(child, { signal, timeoutMs, what: argv.slice(0, 4).join(' ') })
  try {
    const ended = await end(child, argv)
    if (stopping.because) throw stopping.because
    return { exitCode: ended.exitCode, ...kept() }
  } finally {
    running.delete(child)
    stopping.over()
  }
}

/** As `run`; throws `command-failed` for any exit code but 0. */
export async function runOrThrow(argv: Argv, options: RunOptions): Promise<RunResult> {
  const result = await run(argv, options)
  if (result.exitCode === 0) return result
  throw commandFailed(argv, { exitCode: result.exitCode, output: result.stderr || result.stdout })
}

function commandFailed(
  argv: Argv,
  how: { exitCode: number | undefined; output: string },
  cause?: unknown,
): Expected {
  return new Expected({ code: 'command-failed', command: argv.join(' '), ...how }, cause)
}

function end(child: ChildProcess, argv: Argv): Promise<{ exitCode: number }> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(commandFailed(argv, { exitCode: undefined, output: error.message }, error)),
    )
    // 'close', not 'exit': the streams are read to their end.
    child.once('close', (code) => resolve({ exitCode: code ?? 128 }))
  })
}

function stopOn(
  child: ChildProcess,
  { signal, timeoutMs, what }: { signal: AbortSignal | undefined; timeoutMs: number; what: string },
) {
  let kill: NodeJS.Timeout | undefined
  const stopping: { because: Expected | undefined; over: () => void } = { because: undefined, over: () => {} }
  const stop = (because: Expected) => {
    stopping.because ??= because
    killGroup(child, 'SIGTERM')
    kill ??= setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER_MS)
  }
  const onAbort = () => signal && stop(interruptedBy(signal))
  const deadline =
    timeoutMs > 0
      ? setTimeout(() => stop(new Expected({ code: 'timed-out', what, afterMs: timeoutMs })), timeoutMs)
      : undefined
  signal?.addEventListener('abort', onAbort, { once: true })
  stopping.over = () => {
    clearTimeout(deadline)
    clearTimeout(kill)
    signal?.removeEventListener('abort', onAbort)
  }
  return stopping
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is gone: that is what was wanted.
  }
}

function keep(child: ChildProcess, options: RunOptions): () => { stdout: string; stderr: string } {
  const stdout = keepStream(child.stdout, options)
  const stderr = keepStream(child.stderr, options)
  return () => ({ stdout: stdout(), stderr: stderr() })
}

// Where no more files can be opened (EMFILE), Node gives a child no streams; its 'error' tells so.
function keepStream(stream: Readable | undefined, options: RunOptions): () => string {
  const { onLine, keepBytes = KEEP_BYTES } = options
  const decoder = new StringDecoder('utf8')
  let line = ''
  let chunks: Buffer[] = []
  let size = 0
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size > 2 * keepBytes) {
      chunks = [Buffer.concat(chunks).subarray(-keepBytes)]
      size = keepBytes
    }
    if (!onLine) return
    const lines = (line + decoder.write(chunk)).split(/\r?\n|\r/)
    line = lines.pop() ?? ''
    if (line.length > LONGEST_LINE) {
      lines.push(line)
      line = ''
    }
    const slow = lines.map(onLine).filter((taken) => taken !== undefined)
    if (slow.length === 0) return
    stream?.pause()
    void Promise.all(slow).finally(() => stream?.resume())
  })
  stream?.on('end', () => {
    if (line) void onLine?.(line)
  })
  return () => Buffer.concat(chunks).subarray(-keepBytes).toString('utf8')
}
