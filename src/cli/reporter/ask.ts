import { createInterface } from 'node:readline/promises'
import type { Look } from './look.ts'
import { neutralise } from './neutralise.ts'
import { type Question, questionWords } from './question-words.ts'

/** Where a question is put and answered: a terminal on both sides. */
export type AskOptions = {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
  look: Look
  /** Aborted by an interruption; the answer is no then. */
  signal?: AbortSignal
}

/** Asks a person; only a plain yes is one, the end of the input and an interruption are a no. */
export async function ask(question: Question, { input, look, output, signal }: AskOptions): Promise<boolean> {
  const { paint } = look
  const lines = questionWords(neutralise(question))
  const [text = ''] = lines.slice(-1)
  output.write(
    `\n${lines
      .slice(0, -1)
      .map((line) => `${line}\n`)
      .join('')}`,
  )
  const terminal = createInterface({ input, output })
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  try {
    const asked = terminal.question(
      `${paint.strong(text)} ${paint.faint('[y/N]')} `,
      signal ? { signal } : {},
    )
    return /^\s*y(es)?\s*$/i.test(await Promise.race([asked, ended]))
  } catch (error) {
    if (signal?.aborted === true) return false
    throw error
  } finally {
    terminal.close()
  }
}
