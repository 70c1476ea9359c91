import { get } from 'node:http'
import { Expected } from '../../domain/failure.ts'
import { findEndpoint, LOCAL_HOST } from './endpoint.ts'

const TIMEOUT_MS = 20_000

export type LookOptions = { env: NodeJS.ProcessEnv; signal: () => AbortSignal }

/**
 * What a local engine answers over its socket, where loading dockerode or starting the docker command takes longer than
 * the answer. undefined: it is not local, or did not answer with 200; the docker command has the words for it.
 * `timed-out`: the docker command would wait in vain, too.
 */
export async function askSocket(options: LookOptions, path: string): Promise<unknown> {
  const { socketPath } = await findEndpoint(options.env)
  if (socketPath === undefined) return undefined
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const signal = AbortSignal.any([options.signal(), deadline])
  const text = await getText({ socketPath, path, signal })
  if (deadline.aborted)
    throw new Expected({ code: 'timed-out', what: 'the Docker engine', afterMs: TIMEOUT_MS })
  return text === undefined ? undefined : parse(text)
}

/** undefined: whatever listens there is no engine. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function getText(options: {
  socketPath: string
  path: string
  signal: AbortSignal
}): Promise<string | undefined> {
  return new Promise((resolve) => {
    const nothing = () => resolve(undefined)
    const asked = get({ ...options, agent: false, headers: { Host: LOCAL_HOST } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('error', nothing)
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve(answer.statusCode === 200 ? Buffer.concat(chunks).toString('utf8') : undefined),
      )
    })
    asked.on('error', nothing)
  })
}
