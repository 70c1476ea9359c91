import { once } from 'node:events'
import { neutraliseText } from './cli/reporter/neutralise.ts'
import { createReporter, type Reporter } from './cli/reporter/reporter.ts'
import type { FailureContext } from './cli/reporter/told-failure.ts'
import { describeTerminal } from './cli/terminal.ts'
import { failureOf } from './domain/failure.ts'
import { exitCodeOfFailure } from './domain/outcome.ts'
import { createInterruption, type Interruption } from './infra/process/interruption.ts'

/** What is known around a command when it fails. */
type Known = Pick<FailureContext, 'app' | 'active' | 'proxy' | 'command'>

/** What all commands of one run of the program share: its voice, its ears for signals, its exit code. */
export type Session = {
  version: string
  interruption: Interruption
  reporter(output: { json: boolean }): Reporter
  /** Shows a line that something else wrote, harmless for a terminal; what reads on waits for the promise. */
  line(text: string): void | Promise<void>
  exitWith(code: number): void
  /** Told with a failure, so that its words can say which app and what users are on. */
  about(context: Known): void
  /** How to see what users have after a bug, or after any failure of a command that touches the proxy itself. */
  afterwards(look: () => Promise<Known>, after: 'bug' | 'failure'): void
  /** Runs a command; what it throws is told, and becomes the exit code. */
  guard(output: { json: boolean }, command: () => Promise<void>): Promise<number>
  end(): void
}

export function createSession({ version }: { version: string }): Session {
  const interruption = createInterruption()
  const stopListening = listen(interruption)
  outliveOutput()
  let exitCode = 0
  let reporter: Reporter | undefined
  let context: Known = {}
  let looks: { look: () => Promise<Known>; after: 'bug' | 'failure' } | undefined
  const session: Session = {
    version,
    interruption,
    reporter: (output) => {
      reporter ??= reporterFor(output)
      return reporter
    },
    line: (text) => showLine(text, interruption),
    exitWith: (code) => {
      exitCode = code
    },
    about: (told) => {
      context = { ...context, ...told }
    },
    afterwards: (look, after) => {
      looks = { look, after }
    },
    guard: async (output, command) => {
      try {
        await command()
      } catch (error) {
        const failure = failureOf(error)
        if (failure === undefined || looks?.after === 'failure') {
          interruption.heed()
          session.about((await looks?.look().catch(() => ({ proxy: 'unknown' as const }))) ?? {})
        }
        if (failure === undefined) session.reporter(output).bug(error, { version, ...context })
        else session.reporter(output).failure(failure, context)
        exitCode = failure === undefined ? 1 : exitCodeOfFailure(failure.code)
      }
      session.reporter(output).rest()
      return exitCode
    },
    end: stopListening,
  }
  return session
}

/** The first signal takes back, the second one stops at once; the journal then tells the next command. */
function listen(interruption: Interruption): () => void {
  let heard = 0
  const onSignal = (name: NodeJS.Signals) => {
    heard += 1
    if (heard > 1) process.exit(130)
    interruption.interrupt(name)
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, onSignal)
  return () => {
    for (const name of names) process.off(name, onSignal)
  }
}

/** Whoever read the output is gone, or its disk is full: the run goes on, users do not depend on who watches. */
function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** Whoever only shows lines has nothing left to do once nobody reads them. */
async function showLine(text: string, interruption: Interruption): Promise<void> {
  const { stdout } = process
  if (stdout.writable && stdout.write(`${neutraliseText(text)}\n`)) return
  if (stdout.writable) await once(stdout, 'drain').catch(() => {})
  if (!stdout.writable) interruption.interrupt('SIGPIPE')
}

function reporterFor({ json }: { json: boolean }): Reporter {
  const { env, platform, stderr, stdout } = process
  return createReporter({
    ...describeTerminal({ environment: env, platform, stdout, stderr, json }),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  })
}
