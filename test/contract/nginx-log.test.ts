import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../support/run.ts'
import { startTraffic, untilAnswered } from '../support/traffic.ts'
import { until } from '../support/until.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

// nginx writes its log in portions, and several workers write into one pipe.

interface Line {
  color: string
  generation: number
  uri: string
  status: number
  seconds: number
  upstream: string
  upstream_seconds: string
  id: string
}

let lab: NginxLab
let generation = 1
beforeAll(async () => {
  lab = await createNginxLab()
  await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
})
afterAll(async () => await lab.remove())

test('a request is in the log a moment after its answer, with color, generation, upstream, times and id', async () => {
  const answer = await fetch(`http://127.0.0.1:${lab.port}/once?told=1`)
  expect(answer.status).toBe(200)
  await until(async () => (await linesOf('/once?told=1')).length > 0, { timeoutMs: 1_000 })
  expect(await linesOf('/once?told=1')).toEqual([
    expect.objectContaining({
      color: 'blue',
      generation: 1,
      status: 200,
      seconds: expect.any(Number),
      upstream: expect.stringMatching(/[\d.]+:3000$/),
      upstream_seconds: expect.stringMatching(/\d+\.\d{3}$/),
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
    }),
  ])
})

// In this order: nginx is there again after a restart.
test.each(['restart', 'stop'])(
  'each request has a line of its own, none is lost or torn, at reloads and at the end by docker %s',
  async (end) => {
    const path = `/counted-until-${end}`
    const load = { port: lab.port, mode: 'keep-alive', connections: 50, paceMs: 0 } as const
    const traffic = startTraffic({ ...load, path, maxMs: 60_000 })
    await untilAnswered(traffic, 500)
    for (const color of ['green', 'blue'] as const) {
      generation += 1
      await lab.proxy.install(await lab.site(generation, color))
      await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
      await untilAnswered(traffic, 500)
    }
    const { failures, ok } = await traffic.stop()
    await must('docker', [end, '-t', '5', proxyContainer()])
    expect(failures).toEqual([])
    const lines = await linesOf(path)
    expect(lines).toHaveLength(ok)
    expect(new Set(lines.map(({ id }) => id)).size).toBe(ok)
    const generations = [generation - 2, generation - 1, generation]
    expect(new Set(lines.map((line) => line.generation))).toEqual(new Set(generations))
  },
)

function proxyContainer(): string {
  return `${lab.app}-proxy-nginx-1`
}

// A line that is none throws.
async function linesOf(uri: string): Promise<Line[]> {
  const log = await must('docker', ['logs', proxyContainer()])
  const lines = log.split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.uri === uri)
}
