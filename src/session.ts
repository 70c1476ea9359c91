import { createReporter, type Reporter } from './cli/reporter/reporter.ts'
import { describeTerminal } from './cli/terminal.ts'
import type { Color } from './domain/color.ts'
import { failureOf } from './domain/failure.ts'
import { exitCodeOfFailure } from './domain/outcome.ts'
import { createInterruption, type Interruption } from './infra/process/interruption.ts'

/** What all commands of one run of the program share: its voice, its ears for signals, its exit code. */
export type Session = {
  version: string
  interruption: Interruption
  reporter(output: { json: boolean }): Reporter
  exitWith(code: number): void
  /** Told with a failure, so that its words can say which app and what users are on. */
  about(context: { app?: string; active?: Color }): void
  /** Runs a command; what it throws is told, and becomes the exit code. */
  guard(output: { json: boolean }, command: () => Promise<void>): Promise<number>
  end(): void
}

export function createSession({ version }: { version: string }): Session {
  const interruption = createInterruption()
  const stopListening = listen(interruption)
  outliveClosedPipes()
  let exitCode = 0
  let reporter: Reporter | undefined
  let context: { app?: string; active?: Color } = {}
  const session: Session = {
    version,
    interruption,
    reporter: (output) => {
      reporter ??= reporterFor(output)
      return reporter
    },
    exitWith: (code) => {
      exitCode = code
    },
    about: (told) => {
      context = { ...context, ...told }
    },
    guard: async (output, command) => {
      try {
        await command()
      } catch (error) {
        const failure = failureOf(error)
        if (failure === undefined) session.reporter(output).bug(error, { version })
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

/** Whoever read the output is gone (`| head -1`): the run goes on, users do not depend on who watches. */
function outliveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

function reporterFor({ json }: { json: boolean }): Reporter {
  const { env, platform, stderr, stdout } = process
  return createReporter({
    ...describeTerminal({ environment: env, platform, stdout, stderr, json }),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  })
}
