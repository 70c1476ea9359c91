import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTraffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'
import { median, overlapsOf } from './support/overlaps.ts'

let lab: NginxLab
beforeAll(async () => {
  lab = await createNginxLab()
  await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
})
afterAll(async () => await lab.remove())

test('switching loses no request and is one instant for every connection', async () => {
  const load = { port: lab.port, maxMs: 60_000 }
  const kept = startTraffic({ ...load, mode: 'keep-alive', connections: 30, postShare: 0.5, paceMs: 10 })
  const short = startTraffic({ ...load, mode: 'short', connections: 5 })
  for (let generation = 2; generation <= 7; generation++) {
    const before = kept.count().ok
    await until(() => kept.count().ok > before + 300)
    await lab.proxy.install(await lab.site(generation, generation % 2 === 0 ? 'green' : 'blue'))
    await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  }
  const before = kept.count().ok
  await until(() => kept.count().ok > before + 300)
  const reports = await Promise.all([kept.stop(), short.stop()])
  expect(reports.flatMap((report) => report.failures)).toEqual([])
  const overlaps = overlapsOf(
    reports.flatMap((report) =>
      report.answers.map((a) => ({
        release: a.release,
        at: a.startedMs + report.startedAtMs,
        end: a.atMs + report.startedAtMs,
      })),
    ),
  )
  expect(overlaps).toHaveLength(6)
  expect(median(overlaps)).toBeLessThan(25)
}, 90_000)
