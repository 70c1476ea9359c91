import { readFileSync } from 'node:fs'
import { createActions } from './actions.ts'
import { buildProgram, wrongUsage } from './cli/program.ts'
import { createSession } from './session.ts'

/** Runs the command that was typed and returns the exit code. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const session = createSession({ version: packageVersion() })
  try {
    const program = buildProgram(createActions(session), { version: session.version })
    return await session.guard({ json: words.includes('--json') }, async () => {
      try {
        await program.parseAsync([...words], { from: 'user' })
      } catch (error) {
        const usage = wrongUsage(error)
        if (usage === 'shown') return
        throw usage ?? error
      }
    })
  } finally {
    session.end()
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
