import { createServer } from 'node:http'

// Ready only for who asks as agreed: /ready is 418 with a text for those who bear the right header.
const server = createServer((request, response) => {
  response.setHeader('X-Version', process.env.VERSION)
  if (request.url !== '/ready') return response.end(`hello from ${process.env.VERSION}\n`)
  console.log('asked whether it is ready')
  if (request.headers['x-check'] !== 'upgrade') return response.writeHead(403).end('who asks?\n')
  response.writeHead(418).end('all systems go\n')
})
server.keepAliveTimeout = 75_000
server.listen(3000)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
