import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTraffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

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
  expect(Math.max(...overlaps)).toBeLessThan(25)
}, 90_000)

type Seen = { release: string; at: number; end: number }

// How long after the first request that the new release answered one was still started that the old one answered.
function overlapsOf(seen: Seen[]): number[] {
  const byStart = seen.toSorted((a, b) => a.at - b.at)
  const overlaps: number[] = []
  let current = byStart[0]?.release
  let index = 0
  while (index < byStart.length) {
    const first = byStart.findIndex((one, at) => at >= index && one.release !== current)
    if (first < 0) break
    const firstAt = byStart[first]?.at ?? 0
    const window = byStart.filter((one) => one.at >= firstAt && one.at < firstAt + 200)
    const lastOld = window.findLast((one) => one.release === current)
    overlaps.push((lastOld?.at ?? firstAt) - firstAt)
    current = byStart[first]?.release
    index = byStart.findIndex((one) => one.at >= firstAt + 200)
    if (index < 0) break
  }
  return overlaps
}
