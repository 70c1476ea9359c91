import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { createServer as createH2Server } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'

// An app whose answers take long. Each says the release that gives it.
const RELEASE = process.argv.at(-1)
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const bodies = []

async function serve(request, response) {
  response.setHeader('X-Version', RELEASE)
  const { pathname, searchParams } = new URL(request.url, 'http://app')
  const forMs = Number(searchParams.get('ms') ?? 0)
  if (pathname === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    while (!response.destroyed) {
      response.write(`data: ${RELEASE}\n\n`)
      await sleep(100)
    }
    return
  }
  if (pathname === '/download') {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' })
    for (let sentMs = 0; sentMs < forMs; sentMs += 100) {
      response.write('x'.repeat(1_000))
      await sleep(100)
    }
    response.end()
    return
  }
  if (pathname === '/bodies') {
    response.end(JSON.stringify(bodies))
    return
  }
  let body = ''
  for await (const part of request) body += part
  if (request.headers['x-kept'] !== undefined) bodies.push(body)
  if (forMs > 0) await sleep(forMs)
  response.end(`${request.headers['x-kept'] === undefined ? body.length : body}\n`)
}

function acceptSocket(request, socket) {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  let held = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (part) => {
    held = Buffer.concat([held, part])
    // Masked text frames of less than 126 bytes are all that the tests send.
    while (held.length >= 6 && held.length >= 6 + (held[1] & 127)) {
      const length = held[1] & 127
      const text = held.subarray(6, 6 + length).map((byte, index) => byte ^ held[2 + (index % 4)])
      held = held.subarray(6 + length)
      const answer = Buffer.from(`${RELEASE}:${text}`)
      socket.write(Buffer.concat([Buffer.from([0x81, answer.length]), answer]))
    }
  })
}

createServer(serve).on('upgrade', acceptSocket).listen(3000)

// What a gRPC server is to a proxy: HTTP/2 without TLS, messages with a length before them, trailers at the end.
// `x-ms` says how long an answer takes; /shop.Orders/Watch sends a message every 100 ms of it.
createH2Server(async (request, response) => {
  for await (const part of request) void part
  const forMs = Number(request.headers['x-ms'] ?? 0)
  response.writeHead(200, { 'content-type': 'application/grpc', 'x-version': RELEASE })
  if (request.url.endsWith('/Watch')) {
    for (let sentMs = 0; sentMs < forMs && !response.destroyed; sentMs += 100) {
      response.write(message(RELEASE))
      await sleep(100)
    }
  } else {
    await sleep(forMs)
    response.write(message(RELEASE))
  }
  response.addTrailers({ 'grpc-status': '0' })
  response.end()
}).listen(3001)

function message(text) {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, Buffer.from(text)])
}
