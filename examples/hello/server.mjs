import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const { VERSION = 'dev', PORT = '3000', START_DELAY_MS = '0', REDIS_HOST, BROKEN } = process.env

const server = createServer(async (request, response) => {
  response.setHeader('X-Version', VERSION)
  const path = new URL(request.url, 'http://app').pathname
  try {
    const { status = 200, text } = await answer(request, path)
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text)
  } catch (error) {
    response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`)
  }
})

async function answer(request, path) {
  if (path === '/up') return BROKEN === 'unhealthy' ? { status: 503, text: 'not well\n' } : { text: 'ok\n' }
  if (path === '/count') return { text: `${await redis('INCR visits')}\n` }
  if (path.startsWith('/slow/')) await sleep(Math.min(Number(path.slice('/slow/'.length)), 60_000))
  if (request.method === 'POST') return { text: `${await bodyLength(request)}\n` }
  return { text: `hello from ${VERSION}\n` }
}

async function bodyLength(request) {
  let length = 0
  for await (const chunk of request) length += chunk.length
  return length
}

/** Sends one command to redis in its inline form and returns the line it answers. */
function redis(command) {
  if (!REDIS_HOST) throw new Error('REDIS_HOST is not set')
  return new Promise((resolve, reject) => {
    const socket = connect(6379, REDIS_HOST, () => socket.write(`${command}\r\n`))
    socket.setTimeout(2_000, () => socket.destroy(new Error('redis did not answer')))
    socket.on('error', reject)
    socket.on('data', (reply) => {
      socket.end()
      const line = reply.toString().trim()
      if (line.startsWith('-')) reject(new Error(line))
      else resolve(line.replace(/^[:+]/, ''))
    })
  })
}

// PID 1 has no default action for signals: without this, `docker stop` waits ten seconds and kills.
// close() lets answers in flight finish; a connection that a client holds open idle ends now.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
  })
}

if (BROKEN === 'exit') {
  console.error(`hello ${VERSION}: cannot start, as BROKEN=exit asks`)
  process.exit(1)
}
if (BROKEN === 'dies') setTimeout(() => process.exit(1), Number(START_DELAY_MS) + 3_000)
if (BROKEN === 'never') setInterval(() => {}, 60_000)
else {
  await sleep(Number(START_DELAY_MS))
  // Longer than nginx keeps an idle upstream connection (60 s), so that nginx is always the one that closes it.
  server.keepAliveTimeout = 75_000
  server.listen(Number(PORT), '0.0.0.0', () => console.log(`hello ${VERSION} listens on ${PORT}`))
}
