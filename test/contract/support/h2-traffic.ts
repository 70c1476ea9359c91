import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Seen } from './overlaps.ts'

/** How long the app takes for a request that asks for it: the first answer after a switch comes that much later. */
export const HANDLED_IN_MS = 30

/** What became of the requests of HTTP/2 clients. */
export interface H2Report {
  ok: number
  /** Streams that ended without a whole answer and could not be sent again safely. */
  failures: string[]
  /** Streams that nginx said it never began (GOAWAY, REFUSED_STREAM), sent again as RFC 9113, 8.7 has it. */
  refused: number
  /** In the order of their ends. */
  answers: Seen[]
}

/**
 * Keeps `streams` requests in flight over each of some HTTP/2 sessions, half of them POST, or all of them calls of
 * gRPC. A session that nginx takes leave of is replaced; requests on it end there.
 */
export async function runH2Traffic(options: {
  origin: string
  sessions: number
  streams: number
  path: string
  protocol?: 'grpc'
  stop: () => boolean
}): Promise<H2Report> {
  const report: H2Report = { ok: 0, failures: [], refused: 0, answers: [] }
  await Promise.all(Array.from({ length: options.sessions }, () => client(options, report)))
  return report
}

async function client(
  { origin, path, protocol, stop, streams }: Parameters<typeof runH2Traffic>[0],
  report: H2Report,
): Promise<void> {
  let session: ClientHttp2Session | undefined
  const current = () => {
    if (session && !session.closed && !session.destroyed) return session
    const opened = connect(origin, { rejectUnauthorized: false })
    opened.on('error', () => {})
    opened.on('goaway', () => opened.close())
    session = opened
    return opened
  }
  await Promise.all(
    Array.from({ length: streams }, async (_, index) => {
      while (!stop()) {
        const at = performance.now()
        const method = protocol === undefined && index % 2 === 0 ? 'GET' : 'POST'
        const outcome = await send(current(), { path, method, protocol })
        if (outcome.kind === 'answered') {
          report.ok++
          report.answers.push({ release: outcome.release, at, end: performance.now() })
        } else if (outcome.kind === 'refused') report.refused++
        else report.failures.push(outcome.reason)
        await sleep(5)
      }
    }),
  )
  session?.close()
}

type Outcome =
  | { kind: 'answered'; release: string }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: string }

const GRPC = { 'content-type': 'application/grpc', te: 'trailers', 'x-ms': String(HANDLED_IN_MS) }

type Asked = { path: string; method: string; protocol: 'grpc' | undefined }

function send(session: ClientHttp2Session, { method, path, protocol }: Asked): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = protocol === 'grpc' ? GRPC : {}
    const stream = session.request({ ':path': path, ':method': method, ...headers })
    let status = 0
    let verdict = protocol === 'grpc' ? 'none' : '0'
    let release = ''
    let reason = ''
    stream.on('response', (headers) => {
      status = Number(headers[':status'])
      release = String(headers['x-version'] ?? '')
    })
    stream.on('trailers', (trailers) => {
      verdict = String(trailers['grpc-status'])
    })
    stream.on('error', (error: NodeJS.ErrnoException) => {
      reason = `${error.code} ${error.message}`
    })
    let ended = false
    stream.on('end', () => {
      ended = true
    })
    stream.on('close', () => {
      if (ended && status === 200 && verdict === '0') return resolve({ kind: 'answered', release })
      if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) return resolve({ kind: 'refused' })
      // Asked of a session that had already ended: it never left this process.
      if (reason.startsWith('ERR_HTTP2_GOAWAY_SESSION') || reason.startsWith('ERR_HTTP2_INVALID_SESSION'))
        return resolve({ kind: 'refused' })
      resolve({ kind: 'failed', reason: `status ${status}, ${verdict}, reset ${stream.rstCode}, ${reason}` })
    })
    stream.resume()
    stream.end(method === 'POST' ? 'x'.repeat(2_000) : undefined)
  })
}
