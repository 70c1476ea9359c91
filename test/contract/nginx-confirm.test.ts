import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { confirmGeneration } from '../../src/infra/nginx/confirm.ts'
import type { ProxyDriver } from '../../src/infra/nginx/driver.ts'

// Which worker accepts a connection is up to the kernel: a real nginx shows this in one reload of fifteen.
const OLD = 6
const NEW = 7
const OLD_ONES_ACCEPT_MS = 100
const TAKEN = '[emerg] 1#1: bind() to 0.0.0.0:9555 failed (98: Address in use)'

let management: Server
let reloadedAt: number
let oldAnswers: (sinceReloadMs: number) => boolean
beforeEach(async () => {
  management = createServer((_, answer) => {
    const isOld = oldAnswers(performance.now() - reloadedAt)
    const releases = { blue: 'b', green: 'g' }
    answer.end(JSON.stringify({ generation: isOld ? OLD : NEW, color: 'blue', releases }))
  })
  await new Promise<void>((resolve) => management.listen(0, '127.0.0.1', resolve))
  reloadedAt = performance.now()
})
afterEach(() => {
  management.closeAllConnections()
  management.close()
})

test('new workers that were quicker for a while are not taken for the only ones', async () => {
  oldAnswers = (ms) => ms < 5 || (ms > 60 && ms < OLD_ONES_ACCEPT_MS)
  await confirm({})
  expect(performance.now() - reloadedAt).toBeGreaterThan(OLD_ONES_ACCEPT_MS)
})

test('where old workers lead to the color as well, nobody waits for them to cease', async () => {
  let asked = 0
  oldAnswers = () => {
    asked += 1
    return asked % 2 === 0
  }
  await confirm({ leads: 'blue' })
  expect(asked).toBeGreaterThanOrEqual(2)
})

test('a port that nginx still tries to get is no end: who freed it then would find it on the new generation', async () => {
  oldAnswers = (ms) => ms < 1_500
  await confirm({ logs: () => [TAKEN] })
  expect(performance.now() - reloadedAt).toBeGreaterThan(1_500)
})

test.each([
  '[emerg] 1#1: still could not bind()',
  '[emerg] 1#1: bind() to 0.0.0.0:80 failed (13: Permission denied)',
])('a reload that nginx gave up is told at the next look, not when the time is over: %s', async (end) => {
  oldAnswers = () => true
  const others = Array.from({ length: 200 }, () => '[crit] 7#7: *9 stat() failed (13: Permission denied)')
  const logs = () => [TAKEN, ...(performance.now() - reloadedAt < 1_500 ? [] : [end]), ...others]
  const failure = { code: 'reload-without-effect', logs: [TAKEN, end] }
  await expect(confirm({ logs })).rejects.toMatchObject({ failure })
  expect(performance.now() - reloadedAt).toBeLessThan(3_000)
})

async function confirm({
  logs = () => [],
  ...change
}: {
  leads?: 'blue'
  logs?: () => string[]
}): Promise<void> {
  await confirmGeneration({
    driver: { errorLines: async () => logs() } as unknown as ProxyDriver,
    container: 'none',
    managementPort: (management.address() as AddressInfo).port,
    generation: NEW,
    times: 3,
    timeoutMs: 5_000,
    since: new Date(),
    ...change,
  })
}
