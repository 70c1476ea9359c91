import { Agent as HttpAgent } from 'node:http'
import type { Http, ProbeAnswer } from '../../app/ports/requests.ts'
import { Expected } from '../../domain/failure.ts'
import type { HttpCheck } from '../../domain/settings.ts'
import { interruptedBy } from '../process/interruption.ts'

// Enough for any health page; an endless answer must not fill the memory.
const BODY_BYTES = 256 * 1024

/** Asks as a user would: one request on a connection of its own, no retry, no redirect followed. */
export function createHttp(options: { signal: () => AbortSignal }): Http {
  return {
    ask: async (url, check) => {
      const signal = options.signal()
      if (signal.aborted) throw interruptedBy(signal)
      const startedAt = performance.now()
      try {
        const { status, body } = await get({ url, check, signal })
        const why = whyNot({ status, body, check })
        const ms = Math.round(performance.now() - startedAt)
        return { kind: 'answered', status, ok: why === undefined, why, ms }
      } catch (error) {
        if (signal.aborted) throw interruptedBy(signal)
        return brokenAnswer(error, check)
      }
    },
  }
}

type Asked = { url: string; check: HttpCheck; signal: AbortSignal }

async function get({ url, check, signal }: Asked): Promise<{ status: number; body: string }> {
  const [{ got }, { Agent: HttpsAgent }] = await Promise.all([import('got'), import('node:https')])
  // A kept connection could lead to an nginx worker that is shutting down, and so to the other color.
  const agent = { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) }
  const stream = got.stream(url, {
    agent,
    headers: { ...check.headers },
    timeout: { request: check.requestTimeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    signal,
  })
  const answered = new Promise<number>((resolve) =>
    stream.once('response', ({ statusCode }) => resolve(statusCode)),
  )
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size >= BODY_BYTES) break
    }
  } finally {
    // One that came to its end goes on listening to the signal (got 14), and fails where nobody hears it.
    stream.destroy()
  }
  const body = Buffer.concat(chunks).subarray(0, BODY_BYTES).toString('utf8')
  return { status: await answered, body }
}

// Without statuses any answer of the service counts; from outside a 5xx can be the proxy's own.
const ANY_ANSWER = [[100, 499]] as const

function whyNot({
  status,
  body,
  check,
}: {
  status: number
  body: string
  check: HttpCheck
}): string | undefined {
  const accepted = check.statuses ?? ANY_ANSWER
  if (!accepted.some(([from, to]) => status >= from && status <= to)) return `answered ${status}`
  if (check.body === undefined || new RegExp(check.body).test(body)) return undefined
  return `answered ${status}, but the body does not match ${check.body}`
}

function brokenAnswer(error: unknown, check: HttpCheck): ProbeAnswer {
  if (error instanceof Expected || !(error instanceof Error)) throw error
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE')
    return { kind: 'refused', why: error.message }
  if (code === 'ETIMEDOUT') return { kind: 'unreachable', why: `no answer in ${check.requestTimeoutMs} ms` }
  if (code === undefined) throw error
  return { kind: 'unreachable', why: error.message }
}
