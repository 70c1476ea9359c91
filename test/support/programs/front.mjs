import { lookup } from 'node:dns/promises'
import { createServer, get } from 'node:http'

// Asks `api` by its name, anew for each request, and answers with its own version, the one that it found, and how
// many addresses bear the name: "1 1 1".
const server = createServer(async (_, response) => {
  const addresses = await lookup('api', { all: true, family: 4 }).catch(() => [])
  get({ host: 'api', port: 3000, agent: false }, (found) => {
    found.resume()
    response.setHeader(
      'X-Version',
      `${process.env.VERSION} ${found.headers['x-version']} ${addresses.length}`,
    )
    response.end('front\n')
  }).on('error', () => response.writeHead(502).end('no api\n'))
})
server.keepAliveTimeout = 75_000
server.listen(3000)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
