import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { statusOf } from '../support/observe.ts'
import { begin, type Running } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

const SLOW_SOCKET = fileURLToPath(new URL('../support/programs/slow-socket.mjs', import.meta.url))
const ENGINE = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '')

describe('an engine that takes its time', () => {
  let box: Sandbox
  const sockets: Running[] = []

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    await succeed(box, ['perform', '--auto-switch'])
  })
  afterAll(async () => {
    for (const socket of sockets) socket.kill('SIGKILL')
    await box?.remove()
  })

  /** The environment in which every answer of the engine comes late. */
  const lateBy = async (ms: number) => {
    const path = join(box.folder, `${ms}.sock`)
    const socket = begin(process.execPath, [SLOW_SOCKET, path, ENGINE, String(ms)])
    sockets.push(socket)
    await until(() => socket.output().includes('open'))
    return { DOCKER_HOST: `unix://${path}` }
  }

  test('answers after five seconds are waited for: status tells the same', async () => {
    const ran = await box.upgrade(['status', '--json'], { env: await lateBy(5_000) })
    expect(ran.code, ran.stderr).toBe(0)
    expect(JSON.parse(ran.stdout)).toEqual(await statusOf(box))
    expect(ran.durationMs).toBeGreaterThan(5_000)
  })

  test('an upgrade through it goes as any other, and users notice nothing of it', async () => {
    box.write('compose.yaml', webApp({ version: '2' }))
    const ran = await box.upgrade(['perform', '--auto-switch'], { env: await lateBy(100) })
    expect(ran.code, ran.stderr).toBe(0)
    expect(ran.stdout).toMatch(/requests during the switch, 0 failed/)
    expect((await box.get('/')).body).toBe('hello from 2\n')
  })

  test('one that never answers is given up, and told', async () => {
    const ran = await box.upgrade(['status'], { env: await lateBy(600_000) })
    expect(ran.stderr).toMatch(/took longer than 20 s[\s\S]*Nothing was changed[\s\S]*→ upgrade doctor/)
    expect(ran.code).toBe(5)
    expect(ran.durationMs).toBeLessThan(35_000)
  })
})
