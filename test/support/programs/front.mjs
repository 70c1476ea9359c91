import { lookup } from 'node:dns/promises'
import { createServer, get } from 'node:http'

// Asks `api` by its name, anew for each request, and answers with its own version, the one that it found, and how
// many addresses bear the name: "1 1 1".
const server = createServer(async (_, response) => {
  try {
    const addresses = await lookup('api', { all: true, family: 4 })
    const found = await versionAt(addresses[0]?.address)
    response.setHeader('X-Version', `${process.env.VERSION} ${found} ${addresses.length}`)
    response.end('front\n')
  } catch (error) {
    response.writeHead(503).end(`no api: ${error.code}\n`)
  }
})
server.keepAliveTimeout = 75_000
server.listen(3000)
process.on('SIGTERM', () => server.close(() => process.exit(0)))

function versionAt(host) {
  return new Promise((resolve, reject) => {
    get({ host, port: 3000, agent: false }, (found) => {
      found.resume()
      resolve(found.headers['x-version'])
    }).on('error', reject)
  })
}
