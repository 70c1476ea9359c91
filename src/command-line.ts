import { readFileSync } from 'node:fs'
import { createActions } from './actions.ts'
import { buildProgram, runProgram } from './cli/program.ts'
import { packageRoot } from './infra/package-root.ts'
import { createSession } from './session.ts'

/** Runs the command that was typed and returns the exit code. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const session = createSession({ version: packageVersion() })
  try {
    return await session.guard({ json: words.includes('--json') }, async () => {
      const out = (text: string) => void process.stdout.write(text)
      await runProgram(buildProgram(createActions(session), { version: session.version, out }), words)
    })
  } finally {
    session.end()
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot()), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
