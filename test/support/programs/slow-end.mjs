import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

// Answers /slow/<ms> after that time. Told to end by SIGINT, it takes three seconds and says so; SIGTERM it does not heed.
const server = createServer(async (request, response) => {
  const [, ms = '0'] = /^\/slow\/(\d+)/.exec(request.url) ?? []
  await sleep(Number(ms))
  response.end(`${process.argv.at(-1)}\n`)
})
process.on('SIGTERM', () => console.log('told to end by SIGTERM'))
process.on('SIGINT', async () => {
  await sleep(3_000)
  console.log('came to its end')
  process.exit(0)
})
server.keepAliveTimeout = 75_000
server.listen(3000)
