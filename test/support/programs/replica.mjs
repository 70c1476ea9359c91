import { createServer } from 'node:http'
import { hostname } from 'node:os'

// Writes the id of every request that it gets, and names itself in its answers.
const server = createServer((request, response) => {
  const { method, url, headers } = request
  console.log(`${method} ${headers['x-request-id']}`)
  request.resume().on('end', () => {
    if (url === '/breaks') return request.socket.destroy()
    setTimeout(() => response.setHeader('X-Replica', hostname()).end('ok\n'), url === '/up' ? 0 : 20)
  })
})

// PID 1 has no default action for signals.
process.on('SIGTERM', () => process.exit(0))
server.keepAliveTimeout = 75_000
server.listen(3000)
