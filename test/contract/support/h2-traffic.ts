import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'

/** What became of the requests of HTTP/2 clients. */
export interface H2Report {
  ok: number
  /** Streams that ended without a whole answer and could not be sent again safely. */
  failures: string[]
  /** Streams that nginx said it never began (GOAWAY, REFUSED_STREAM), sent again as RFC 9113, 8.7 has it. */
  refused: number
  /** The release of each answer, in the order of their ends. */
  releases: string[]
}

/**
 * Keeps `streams` requests in flight over each of some HTTP/2 sessions, half of them POST. A session that nginx
 * takes leave of is replaced; requests on it end there.
 */
export async function runH2Traffic(options: {
  origin: string
  sessions: number
  streams: number
  path: string
  stop: () => boolean
}): Promise<H2Report> {
  const report: H2Report = { ok: 0, failures: [], refused: 0, releases: [] }
  await Promise.all(Array.from({ length: options.sessions }, () => client(options, report)))
  return report
}

async function client(
  { origin, path, stop, streams }: Parameters<typeof runH2Traffic>[0],
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
        const outcome = await send(current(), { path, method: index % 2 === 0 ? 'GET' : 'POST' })
        if (outcome.kind === 'answered') {
          report.ok++
          report.releases.push(outcome.release)
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

function send(session: ClientHttp2Session, asked: { path: string; method: string }): Promise<Outcome> {
  return new Promise((resolve) => {
    const stream = session.request({ ':path': asked.path, ':method': asked.method })
    let status = 0
    let release = ''
    let reason = ''
    stream.on('response', (headers) => {
      status = Number(headers[':status'])
      release = String(headers['x-version'] ?? '')
    })
    stream.on('error', (error: NodeJS.ErrnoException) => {
      reason = `${error.code} ${error.message}`
    })
    let ended = false
    stream.on('end', () => {
      ended = true
    })
    stream.on('close', () => {
      if (ended && status === 200) return resolve({ kind: 'answered', release })
      if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) return resolve({ kind: 'refused' })
      // Asked of a session that had already ended: it never left this process.
      if (reason.startsWith('ERR_HTTP2_GOAWAY_SESSION') || reason.startsWith('ERR_HTTP2_INVALID_SESSION'))
        return resolve({ kind: 'refused' })
      resolve({ kind: 'failed', reason: `status ${status}, reset ${stream.rstCode}, ${reason}` })
    })
    stream.resume()
    stream.end(asked.method === 'POST' ? 'x'.repeat(2_000) : undefined)
  })
}
