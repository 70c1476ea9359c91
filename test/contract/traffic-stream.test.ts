import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { TrafficPace } from '../../src/app/ports/requests.ts'
import { judgeTraffic } from '../../src/domain/traffic.ts'
import { createTraffic } from '../../src/infra/http/stream.ts'
import { until } from '../support/until.ts'

const PACE: TrafficPace = { keepAlive: 2, short: 1, perSecond: 200, answerWithinMs: 300, maxMs: 5_000 }
const NOW = { afterMs: 0, graceMs: 1_000 }

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function listen(answer: RequestListener): Promise<Server> {
  const listening = createServer(answer)
  server = listening
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve))
  return listening
}

function begin(to: Server, pace: Partial<TrafficPace> = {}) {
  const { port } = to.address() as AddressInfo
  const target = { port, path: '/up?x=1', headers: { 'X-Check': 'yes' }, statuses: [[200, 299]] as const }
  return createTraffic().start(target, { ...PACE, ...pace })
}

test('kept connections are kept and others are made anew, at no more than the pace', async () => {
  const seen: { method?: string; url?: string; header?: unknown; port?: number }[] = []
  const to = await listen(({ headers, method = '', socket, url = '' }, answer) => {
    seen.push({ method, url, header: headers['x-check'], port: socket.remotePort ?? 0 })
    answer.end('well')
  })
  // A machine that does other things, too, may answer late: this is not about that.
  const stream = begin(to, { answerWithinMs: 5_000 })
  await until(() => seen.length >= 60)
  const { durationMs, samples } = await stream.stop(NOW)
  expect(samples.every((sample) => sample.result === 'ok')).toBe(true)
  expect(samples).toHaveLength(seen.length)
  expect(samples.length).toBeLessThanOrEqual(durationMs / 5 + 3)
  expect(new Set(seen.map(({ header, method, url }) => `${method} ${url} ${header}`))).toEqual(
    new Set(['GET /up?x=1 yes']),
  )
  const counts = new Map<number, number>()
  for (const { port = 0 } of seen) counts.set(port, (counts.get(port) ?? 0) + 1)
  // Where answers come faster than requests are sent, one of the two is enough.
  const kept = [...counts.values()].filter((count) => count > 1).length
  expect([1, 2]).toContain(kept)
  expect(counts.size).toBeGreaterThan(10)
})

test('what answers wrongly, breaks off, refuses or says nothing has failed, each once and with its reason', async () => {
  let asked = 0
  const to = await listen(({ socket }, answer) => {
    asked += 1
    if (asked % 4 === 0) answer.writeHead(502).end()
    else if (asked % 4 === 1) socket.destroy()
    else if (asked % 4 === 2) answer.writeHead(200, { 'Content-Length': 9 }).write('half')
    else answer.end()
    if (asked % 4 === 2) setImmediate(() => socket.destroy())
  })
  const stream = begin(to, { answerWithinMs: 5_000 })
  await until(() => asked >= 24)
  const { samples } = await stream.stop(NOW)
  const reasons = new Set(
    samples.flatMap(({ result }) => (typeof result === 'object' ? [result.failed] : [])),
  )
  expect(reasons).toEqual(new Set(['status 502', 'ECONNRESET', 'answer broken off: ECONNRESET']))
  expect(samples).toHaveLength(asked)
})

test('a request without an answer fails in time, and the stream goes on', async () => {
  let asked = 0
  const to = await listen((_, answer) => {
    asked += 1
    if (asked > 1) answer.end()
  })
  const stream = begin(to, { answerWithinMs: 1_500 })
  await until(() => asked >= 40)
  const figures = judgeTraffic(await stream.stop({ afterMs: 0, graceMs: 5_000 }))
  expect(figures).toMatchObject({ failed: 1, reasons: [{ reason: 'no answer in 1500 ms', count: 1 }] })
})

test('who has no answer when the grace is over is open, and the stop does not wait for it', async () => {
  let asked = 0
  const to = await listen(() => {
    asked += 1
  })
  const stream = begin(to, { answerWithinMs: 60_000 })
  await until(() => asked === 3)
  const began = performance.now()
  const first = stream.stop({ afterMs: 0, graceMs: 20 })
  const again = await stream.stop({ afterMs: 60_000, graceMs: 60_000 })
  expect(performance.now() - began).toBeLessThan(1_000)
  expect(again).toBe(await first)
  expect(judgeTraffic(again)).toMatchObject({ sent: 3, ok: 0, failed: 0, open: 3 })
})

test('nobody listening is a failure of every request, not of the stream', async () => {
  const to = await listen(() => undefined)
  const stream = begin(to, { maxMs: 200 })
  await new Promise((resolve) => to.close(resolve))
  const figures = await until(async () => {
    const record = await stream.stop({ afterMs: 150, graceMs: 100 })
    return judgeTraffic(record)
  })
  expect(figures.failed).toBeGreaterThan(5)
  expect(figures.reasons.map(({ reason }) => reason)).toContain('ECONNREFUSED')
})

test('no request is sent after the longest time, stopped or not', async () => {
  let asked = 0
  const to = await listen((_, answer) => {
    asked += 1
    answer.end()
  })
  const { durationMs, samples } = await begin(to, { maxMs: 50 }).stop({ afterMs: 60_000, graceMs: 100 })
  expect(durationMs).toBeGreaterThanOrEqual(49)
  expect(durationMs).toBeLessThan(30_000)
  expect(samples.every(({ startedMs }) => startedMs <= durationMs)).toBe(true)
  expect(asked).toBe(samples.length)
})
