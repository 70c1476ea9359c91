import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { failureOf } from '../../domain/failure.ts'
import type { Inside } from '../docker/inside.ts'
import { within } from '../process/interruption.ts'
import type { ExecResult } from './driver.ts'
import { CLAIM, SCRIPT_EXIT } from './scripts.ts'

// It answers when the program ends, after 30 ms; where it was killed, whoever asks waits for this besides.
const PATIENCE_MS = 1_000

/**
 * Runs a program by the agent that waits beside nginx for what is written to the container's input. The engine needs
 * 80 ms of a processor to start a program in a container, and users' requests wait for it; what it writes to a running
 * one takes 1 ms. Where the agent cannot be asked, or is silent, an exec it is: whoever claims the program first, runs it.
 * Of the output the last 2 kB are told.
 */
export async function runByAgent(
  engine: Pick<Inside, 'exec' | 'tell'>,
  container: string,
  argv: readonly string[],
  { timeoutMs }: { timeoutMs: number },
): Promise<ExecResult> {
  const id = randomBytes(8).toString('hex')
  const waiting = { what: `exec ${argv.join(' ')}`, signal: undefined }
  let hear: (result: ExecResult) => void
  const answer = new Promise<ExecResult>((resolve) => {
    hear = resolve
  })
  const take = (line: string) => {
    const result = parseAnswer(line, id)
    if (result) hear(result)
  }
  const asked = await engine.tell(container, lineOf(id, argv), take).catch(unlessRefused)
  try {
    const first = asked && (await within(answer, { ...waiting, timeoutMs: PATIENCE_MS }).catch(unlessSilent))
    if (first) return first
    const own = await engine.exec(container, ['sh', '-c', CLAIM, 'verdigris', id, ...argv], { timeoutMs })
    if (own.exitCode === SCRIPT_EXIT.claimed) return await within(answer, { ...waiting, timeoutMs })
    return { exitCode: own.exitCode, output: `${own.stdout}${own.stderr}`.trim() }
  } finally {
    asked?.detach()
  }
}

/** Begins anew, for somebody may have left an unfinished line; ends with a word, so that a part of it is none. */
function lineOf(id: string, argv: readonly string[]): string {
  const program = gzipSync(`exec ${argv.map(quoted).join(' ')}\n`).toString('base64')
  return `\nverdigris ${id} ${program} end\n`
}

/** The word as a shell reads it: within single quotes nothing has a meaning but their end. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

function parseAnswer(line: string, id: string): ExecResult | undefined {
  const [mark, of, exitCode, output = ''] = line.split(' ')
  if (mark !== 'verdigris' || of !== id) return undefined
  return { exitCode: Number(exitCode), output: Buffer.from(output, 'base64').toString('utf8').trim() }
}

/** The engine was asked and said no: nothing was written. */
function unlessRefused(error: unknown): undefined {
  if (failureOf(error)?.code !== 'command-failed') throw error
}

function unlessSilent(error: unknown): undefined {
  if (failureOf(error)?.code !== 'timed-out') throw error
}
