import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic, untilAnswered } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const ROUTE = (path: string) => `routes:
  - {listen: __PORT__, service: web, port: 3000}
  - {listen: __PORT__, path: ${path}, service: api, port: 3000}
health: {path: /}
`

const compose = (version: string) => {
  const service = { image: testAppImage(version) }
  return stringify({ services: { web: service, api: service } })
}

let box: Sandbox
beforeAll(async () => {
  const files = { 'upgrade.yaml': ROUTE('/before') }
  box = await createSandbox({ compose: compose('1'), files })
  await succeed(box, ['perform', '--auto-switch'])
})
afterAll(async () => {
  await box?.remove()
})

test('no request after a switch gets the release before, though its connection knows none of the new addresses', async () => {
  const busy = startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: 120_000 })
  const idle = await openIdle(box.port)
  expect(await idle.ask()).toMatch(/hello from 1/)
  box.write('upgrade.yaml', ROUTE('/after'))
  box.write('compose.yaml', compose('2'))
  await succeed(box, ['perform', '--auto-switch'])
  // It was told to connect anew, politely, or it is answered by the new release.
  expect(idle.isClosed() || /hello from 2/.test(await idle.ask())).toBe(true)
  await untilAnswered(busy, 50)
  const { answers } = await busy.stop()
  const last = answers.findLastIndex(({ release }) => release === '1')
  const first = answers.findIndex(({ release }) => release === '2')
  expect([last, first].every((index) => index >= 0)).toBe(true)
  const [lastOld, firstNew] = [answers[last]?.startedMs ?? 0, answers[first]?.atMs ?? 0]
  expect(lastOld).toBeLessThan(firstNew + 25)
  await expectNoneFailed(busy, { atLeast: 50 })
  idle.socket.destroy()
})

async function openIdle(port: number): Promise<{
  socket: Socket
  isClosed: () => boolean
  ask: () => Promise<string>
}> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  let closed = false
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  socket.on('end', () => {
    closed = true
  })
  await until(() => socket.readyState === 'open')
  const ask = async () => {
    said = ''
    socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
    await until(() => /hello from \d/.test(said) || closed)
    return said
  }
  return { socket, isClosed: () => closed, ask }
}
