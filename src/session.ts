import { once } from 'node:events'
import { neutraliseText } from './cli/reporter/neutralise.ts'
import { createReporter, type Reporter } from './cli/reporter/reporter.ts'
import type { FailureContext } from './cli/reporter/told-failure.ts'
import { describeTerminal } from './cli/terminal.ts'
import { failureOf } from './domain/failure.ts'
import { exitCodeOfFailure } from './domain/outcome.ts'
import { createInterruption, type Interruption } from './infra/process/interruption.ts'
import { outliveOutput } from './infra/process/standard-output.ts'

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
  const output = outliveOutput()
  let exitCode = 0
  let stands = false
  let reporter: Reporter | undefined
  let context: Known = {}
  let looks: { look: () => Promise<Known>; after: 'bug' | 'failure' } | undefined
  const session: Session = {
    version,
    interruption,
    reporter: (how) => {
      reporter ??= hearing(reporterFor(how), () => {
        stands = true
      })
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
    guard: async (how, command) => {
      try {
        await command()
      } catch (error) {
        const failure = failureOf(error)
        if (failure === undefined || looks?.after === 'failure') {
          interruption.heed()
          session.about((await looks?.look().catch(() => ({ proxy: 'unknown' as const }))) ?? {})
        }
        if (failure === undefined) session.reporter(how).bug(error, { version, ...context })
        else session.reporter(how).failure(failure, context)
        exitCode = failure === undefined ? 1 : exitCodeOfFailure(failure.code)
      }
      session.reporter(how).rest()
      const reason = await output.lost()
      if (reason === undefined) return exitCode
      // On stderr, which events as JSON never go to.
      reporterFor({ json: false }).failure({ code: 'output-lost', reason }, context)
      return stands || exitCode !== 0 ? exitCode : exitCodeOfFailure('output-lost')
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

/** Whoever only shows lines has nothing left to do once nobody reads them. */
async function showLine(text: string, interruption: Interruption): Promise<void> {
  const { stdout } = process
  if (stdout.writable && stdout.write(`${neutraliseText(text)}\n`)) return
  if (stdout.writable) await once(stdout, 'drain').catch(() => {})
  if (!stdout.writable) interruption.interrupt('SIGPIPE')
}

/** Tells when it is told that something was done: its exit code is about that, whatever becomes of its words. */
function hearing(reporter: Reporter, done: () => void): Reporter {
  return {
    ...reporter,
    emit: (event) => {
      if (event.type === 'outcome') done()
      reporter.emit(event)
    },
    show: (view) => {
      if (view.view === 'done') done()
      reporter.show(view)
    },
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
