import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { failureOf } from '../../domain/failure.ts'
import type { Inside } from '../docker/inside.ts'
import { within } from '../process/interruption.ts'
import type { ExecResult } from './driver.ts'
import { CLAIM, SCRIPT_EXIT } from './scripts.ts'

// It says that it is ready after 1 ms, and answers when the program ends, after 30 ms; where it was killed, whoever asks
// waits for this besides.
const PATIENCE_MS = 1_000

type Asking = Pick<Inside, 'exec' | 'talk'>

type Agent = {
  run(argv: readonly string[]): Promise<ExecResult>
  detach(): void
}

/**
 * Runs a program by the agent that waits beside nginx for what is written to the container's input. The engine needs
 * 80 ms of a processor to start a program in a container, and users' requests wait for it; what it writes to a running
 * one takes 1 ms. Where the agent cannot be asked, or is silent, an exec it is: whoever claims the program first, runs it.
 * Of the output the last 2 kB are told.
 */
export async function runByAgent(
  engine: Asking,
  container: string,
  argv: readonly string[],
  { timeoutMs }: { timeoutMs: number },
): Promise<ExecResult> {
  const id = randomBytes(8).toString('hex')
  const byExec = async (words: readonly string[]) => {
    const { exitCode, stderr, stdout } = await engine.exec(container, words, { timeoutMs })
    return { exitCode, output: `${stdout}${stderr}`.trim() }
  }
  const agent = await readyAgent(engine, container, id)
  if (!agent) return await byExec(argv)
  try {
    const waiting = { what: `exec ${argv.join(' ')}`, signal: undefined }
    const answer = agent.run(argv)
    const first = await within(answer, { ...waiting, timeoutMs: PATIENCE_MS }).catch(unlessSilent)
    if (first) return first
    const own = await byExec(['sh', '-c', CLAIM, 'verdigris', id, ...argv])
    return own.exitCode === SCRIPT_EXIT.claimed ? await within(answer, { ...waiting, timeoutMs }) : own
  } finally {
    agent.detach()
  }
}

/**
 * The agent once it has said that it reads. Only then it is told what to do: the engine keeps what is written to a
 * container that has stopped until it starts again, when whoever wrote it has long done something else.
 * Undefined where nobody answers; what is wrong with the container, if anything, an exec will tell.
 */
async function readyAgent(engine: Asking, container: string, id: string): Promise<Agent | undefined> {
  let hear: (words: string) => void
  const heard = () =>
    new Promise<string>((resolve) => {
      hear = resolve
    })
  const ready = heard()
  const take = (line: string) => {
    const words = wordsFor(id, line)
    if (words !== undefined) hear(words)
  }
  const talk = await engine.talk(container, take, { timeoutMs: PATIENCE_MS }).catch(unlessExpected)
  if (!talk) return undefined
  talk.say(lineOf(id, 'ready'))
  const waiting = { what: 'ask whether the agent is ready', timeoutMs: PATIENCE_MS }
  if ((await within(ready, waiting).catch(unlessSilent)) === undefined) {
    talk.detach()
    return undefined
  }
  return {
    run: async (argv) => {
      const answer = heard()
      talk.say(lineOf(id, packed(argv)))
      return parseAnswer(await answer)
    },
    detach: talk.detach,
  }
}

/**
 * Begins anew, for somebody may have left an unfinished line, a whole one but for its end even: the dot makes it none.
 * Ends with a word, so that a part of it is none either.
 */
function lineOf(id: string, word: string): string {
  return `.\nverdigris ${id} ${word} end\n`
}

/** A script is read by the shell that unpacks it: to start another one takes a processor from nginx. */
function packed(argv: readonly string[]): string {
  const [shell, option, script = '', , ...given] = argv
  const isScript = shell === 'sh' && option === '-c'
  const words = isScript ? ['set', '--', ...given] : ['exec', ...argv]
  const lines = [words.map(quoted).join(' '), isScript ? script : '']
  return gzipSync(lines.join('\n')).toString('base64')
}

/** The word as a shell reads it: within single quotes nothing has a meaning but their end. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** What the agent said of this program: something else may have begun the line. */
function wordsFor(id: string, line: string): string | undefined {
  const [, words] = line.split(`verdigris ${id} `)
  return words
}

/** Whether a line of the container's stderr is the agent's, and nothing that nginx has to say. */
export function isOfAgent(line: string): boolean {
  return /^verdigris [0-9a-f]+ /.test(line)
}

function parseAnswer(words: string): ExecResult {
  const [exitCode, output = ''] = words.split(' ')
  return { exitCode: Number(exitCode), output: Buffer.from(output, 'base64').toString('utf8').trim() }
}

function unlessExpected(error: unknown): undefined {
  if (failureOf(error) === undefined) throw error
}

function unlessSilent(error: unknown): undefined {
  if (failureOf(error)?.code !== 'timed-out') throw error
}
