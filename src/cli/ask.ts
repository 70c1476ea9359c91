import { neutraliseText } from './reporter/neutralise.ts'

/** What is asked, and the terminal it is asked on. */
export type AskOptions = {
  question: string
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
  /** Aborted by an interruption: the answer is no then. */
  signal?: AbortSignal
}

/** Asks a person; only a plain yes is one. The end of the input and an interruption are a no. */
export async function ask({ input, output, question, signal }: AskOptions): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input, output })
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  const text = `\n${neutraliseText(question)} [y/N] `
  try {
    const asked = terminal.question(text, signal === undefined ? {} : { signal })
    return /^\s*y(es)?\s*$/i.test(await Promise.race([asked, ended]))
  } catch (error) {
    if (signal?.aborted === true) return false
    throw error
  } finally {
    terminal.close()
  }
}
