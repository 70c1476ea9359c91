import type Docker from 'dockerode'
import { Expected } from '../../domain/failure.ts'
import { interruptedBy, within } from '../process/interruption.ts'
import { findEndpoint } from './endpoint.ts'
import { engineUnreachable } from './look.ts'

/** Calls the engine's API with a deadline, and turns what goes wrong into expected failures. */
export type Client = {
  /** `engine-unreachable`, `command-failed`, `timed-out`, `interrupted`. */
  call<T>(what: string, ask: (docker: Docker) => Promise<T>, timeoutMs?: number): Promise<T>
  /**
   * As `call`, for what changes anything: once asked it is waited for, though an interruption comes, for the engine
   * goes on with it, and what it does during the way back, or after it, nobody would undo.
   */
  change<T>(what: string, ask: (docker: Docker) => Promise<T>, timeoutMs?: number): Promise<T>
  /** As `call`; undefined where the engine answers that there is no such thing. */
  find<T>(what: string, ask: (docker: Docker) => Promise<T>): Promise<T | undefined>
}

const TIMEOUT_MS = 30_000

type Limit = { heeding: boolean; timeoutMs: number }

export function createClient(options: { env: NodeJS.ProcessEnv; signal: () => AbortSignal }): Client {
  // Loading begins now, while Compose is asked; only commands that act come here.
  const docker = connect(options.env)
  docker.catch(() => {})
  const asked = async <T>(what: string, ask: (docker: Docker) => Promise<T>, limit: Limit): Promise<T> => {
    const client = await docker
    const signal = options.signal()
    if (signal.aborted) throw interruptedBy(signal)
    const asking = ask(client).catch((error: unknown) => {
      throw expectedOf(error, what)
    })
    // What loses the race below may still fail later, and nobody would be there to hear it.
    asking.catch(() => {})
    const { heeding, timeoutMs } = limit
    return await within(asking, { what, timeoutMs, signal: heeding ? signal : undefined })
  }
  const call: Client['call'] = (what, ask, timeoutMs = TIMEOUT_MS) =>
    asked(what, ask, { heeding: true, timeoutMs })
  return {
    call,
    change: (what, ask, timeoutMs = TIMEOUT_MS) => asked(what, ask, { heeding: false, timeoutMs }),
    find: async (what, ask) =>
      await call(what, async (client) => await ask(client).catch((error: unknown) => absent(error))),
  }
}

/** The status the engine answered with; undefined: it did not answer. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Expected ? error.cause : error
  const status = (cause as { statusCode?: unknown } | undefined)?.statusCode
  return typeof status === 'number' ? status : undefined
}

/** Swallows these answers of the engine: what was asked for holds already. */
export function unless(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    const status = statusOf(error)
    if (status === undefined || !statuses.includes(status)) throw error
  }
}

function absent(error: unknown): undefined {
  if (statusOf(error) === 404) return undefined
  throw error
}

async function connect(env: NodeJS.ProcessEnv): Promise<Docker> {
  const [{ default: Dockerode }, endpoint] = await Promise.all([import('dockerode'), findEndpoint(env)])
  return new Dockerode(endpoint)
}

function expectedOf(error: unknown, what: string): unknown {
  if (error instanceof Expected || !(error instanceof Error)) return error
  if (statusOf(error) === undefined && 'code' in error) return engineUnreachable(error.message, error)
  if (statusOf(error) === undefined) return error
  return new Expected(
    { code: 'command-failed', command: what, exitCode: undefined, output: wordsOf(error) },
    error,
  )
}

/** dockerode wraps the engine's words: "(HTTP code 409) conflict - container is not running ". */
function wordsOf(error: Error): string {
  return error.message.replace(/^\(HTTP code \d+\) /, '').trim()
}
