import { type ClientHttp2Session, connect } from 'node:http2'

/** A call that is answered by a stream of messages. */
export interface GrpcStream {
  /** Its messages so far, without their lengths. */
  messages: () => string[]
  /** Its `grpc-status`; undefined: it goes on, or was cut. */
  status: () => string | undefined
  /** When it ended; undefined: it goes on. */
  endedAtMs: () => number | undefined
  /** The server said that it never came to the call (GOAWAY, RFC 9113 §6.8): clients of gRPC then call once more. */
  unprocessed: () => boolean
}

/** Asks for messages over a session of its own, for `forMs`. */
export function openGrpcStream(origin: string, path: string, forMs: number): GrpcStream {
  const session: ClientHttp2Session = connect(origin, { rejectUnauthorized: false })
  session.on('error', () => {})
  const headers = { 'content-type': 'application/grpc', te: 'trailers', 'x-ms': String(forMs) }
  const stream = session.request({ ':path': path, ':method': 'POST', ...headers })
  let held = Buffer.alloc(0)
  let status: string | undefined
  let endedAtMs: number | undefined
  let unprocessed = false
  session.on('goaway', (_, lastStream) => {
    unprocessed = held.length === 0 && lastStream < (stream.id ?? 1)
  })
  stream.on('data', (part: Buffer) => {
    held = Buffer.concat([held, part])
  })
  stream.on('trailers', (trailers) => {
    status = String(trailers['grpc-status'])
  })
  stream.on('error', () => {})
  stream.on('close', () => {
    endedAtMs = performance.now()
    session.close()
  })
  stream.end(Buffer.alloc(5))
  return {
    messages: () => split(held),
    status: () => status,
    endedAtMs: () => endedAtMs,
    unprocessed: () => unprocessed,
  }
}

// Each message has five bytes before it: whether it is compressed, and its length.
function split(held: Buffer): string[] {
  const messages: string[] = []
  for (let at = 0; at + 5 <= held.length; ) {
    const end = at + 5 + held.readUInt32BE(at + 1)
    messages.push(held.subarray(at + 5, end).toString())
    at = end
  }
  return messages
}
