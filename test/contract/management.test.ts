import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { probe } from '../../src/infra/nginx/probe.ts'

const CHECK = { path: '/up', headers: {}, requestTimeoutMs: 300, statuses: undefined, body: undefined }

/** What a check is told by a management listener that answers so. */
async function checked(answer: RequestListener, headers: Record<string, string> = {}) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await probe(port, { color: 'blue', service: 'web', port: 3000, check: { ...CHECK, headers } })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('a check whose answer comes in drops ends with its time', async () => {
  const since = performance.now()
  const answer = await checked((_, response) => {
    const drop = setInterval(() => response.write('.'), 50)
    response.on('close', () => clearInterval(drop))
  })
  expect(answer).toEqual({ kind: 'unreachable', why: 'no answer in 300 ms' })
  expect(performance.now() - since).toBeLessThan(2_000)
})

test('headers of a check take the place of its own, however they are written', async () => {
  let asked: { host?: string | undefined; agent?: string | undefined } = {}
  await checked(
    ({ headers }, response) => {
      asked = { host: headers.host, agent: headers['user-agent'] }
      response.end()
    },
    { Host: 'shop.example', 'User-Agent': 'mine' },
  )
  expect(asked).toEqual({ host: 'shop.example', agent: 'mine' })
})
