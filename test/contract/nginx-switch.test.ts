import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spread } from '../bench/figures.ts'
import { nowMs, startLoads } from '../bench/loads.ts'
import { type Move, momentOf } from '../bench/overlap.ts'
import { toldMs } from '../support/told.ts'
import { startTraffic, untilAnswered } from '../support/traffic.ts'
import { until } from '../support/until.ts'
import { moveTo } from './support/move-to.ts'
import { createNginxLab, type NginxLab, processesOf, workersOf } from './support/nginx-lab.ts'
import { APART_MS, median, overlapsOf } from './support/overlaps.ts'

const SWITCHES = 10

let lab: NginxLab
beforeAll(async () => {
  lab = await createNginxLab()
  await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
})
afterAll(async () => await lab.remove())

test('a generation that is reloaded, too, loses no request and is one instant for every connection', async () => {
  const load = { port: lab.port, maxMs: 60_000 }
  const kept = startTraffic({ ...load, mode: 'keep-alive', connections: 30, postShare: 0.5, paceMs: 10 })
  const short = startTraffic({ ...load, mode: 'short', connections: 5 })
  for (let generation = 2; generation <= 7; generation++) {
    await untilAnswered(kept, 300)
    await lab.proxy.install(await lab.site(generation, generation % 2 === 0 ? 'green' : 'blue'))
    await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
    await sleep(APART_MS)
  }
  await untilAnswered(kept, 300)
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
  expect(median(overlaps)).toBeLessThan(1)
}, 90_000)

test('fifty busy connections get the new color a moment after nginx was told, all at once', async () => {
  const load = { connections: 50, mode: 'keep-alive', postShare: 0.5, paceMs: 25, jitter: 0.5 } as const
  const traffic = await startLoads({ port: lab.port, loads: [load], maxMs: 90_000 })
  const moves: Move[] = []
  const workers = await workersOf(lab)
  for (let index = 0; index < SWITCHES; index++) {
    const [from, to, color] = index % 2 === 0 ? (['1', '2', 'green'] as const) : (['2', '1', 'blue'] as const)
    // What the switch before looks for later, a connection to the color that users left, the next one makes.
    await until(async () => !(await processesOf(lab)).some((process) => process.includes('sleep 2.')))
    const sinceMs = nowMs()
    await sleep(500)
    const fromMs = nowMs()
    expect(await moveTo(lab.proxy, await lab.site(8, color))).toBe('led')
    const doneMs = nowMs()
    await sleep(500)
    moves.push({ from, to, sinceMs, fromMs, doneMs, toldMs: await toldMs(lab.app), toMs: nowMs() })
  }
  // Nobody had to connect anew.
  expect(await workersOf(lab)).toEqual(workers)
  const { answers, tallies } = await traffic.stop()
  expect(tallies['keep-alive'].lost).toBe(0)
  const moments = moves.map((move) => momentOf(answers, move))
  const overlap = spread(moments.map(({ firstNewMs, lastOldMs }) => lastOldMs - firstNewMs))
  expect(overlap.median).toBeLessThan(1)
  // The goal is 10 ms, which the benchmark looks at on a machine that does nothing else.
  expect(spread(moments.map(({ sinceToldMs = Number.NaN }) => sinceToldMs)).median).toBeLessThan(25)
}, 120_000)
