import { createInterface } from 'node:readline/promises'

/** Asks a question that is answered with yes or no; anything but a yes is a no. */
export async function ask(options: {
  question: string
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}): Promise<boolean> {
  const lines = createInterface({ input: options.input, output: options.output })
  try {
    return /^y(es)?$/i.test((await lines.question(`${options.question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}
