import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_FILES, shop, webApp } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { containersOf, historyOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const SETTINGS = 'services:\n  worker:\n    class: singleton\n'

const traffic = (box: Sandbox, answerWithinMs?: number) =>
  startTraffic({
    port: box.port,
    connections: 6,
    mode: 'short',
    paceMs: 20,
    maxMs: 120_000,
    ...(answerWithinMs && { answerWithinMs }),
  })

/** Some ask anew where no answer comes at once, some wait for it. */
const usersOf = (box: Sandbox) => ({ asking: traffic(box, 250), waiting: traffic(box) })

const ownOf = async (box: Sandbox) => {
  const own = (await containersOf(box, box.app)).filter(({ name }) => !name.endsWith('by-hand'))
  return Object.fromEntries(own.map(({ id, service, state }) => [service, { id, state }]))
}

const redis = async (box: Sandbox, ...words: string[]) =>
  (await box.compose(['exec', '-T', 'redis', 'redis-cli', ...words])).trim()

describe('an app that runs under plain docker compose', () => {
  let box: Sandbox
  let before: Awaited<ReturnType<typeof ownOf>>

  beforeAll(async () => {
    box = await createSandbox({
      compose: shop({ version: '1' }),
      files: { ...SHOP_FILES, 'upgrade.yaml': SETTINGS },
    })
    await box.compose(['up', '-d'])
    await until(async () => (await box.get('/')).status === 200, { timeoutMs: 60_000 })
    await until(async () => Number(await redis(box, 'get', 'work:1')) > 0, { timeoutMs: 60_000 })
    before = await ownOf(box)
  })
  afterAll(() => box?.remove())

  test('is told beforehand what is going to happen, and nothing happens', async () => {
    const { stdout } = await succeed(box, ['init', '--adopt'])
    expect(stdout).toMatch(new RegExp(`proxy takes port ${box.port} over`))
    expect(stdout).toMatch(/upgrade eject/)
    expect(stdout).not.toMatch(/Wrote/)
    expect((await succeed(box, ['plan'])).stdout).toMatch(/no answer for about 400 ms/)
    expect((await succeed(box, ['doctor'])).stdout).toMatch(/until the proxy takes over/)
    expect(await ownOf(box)).toEqual(before)
  })

  test('serves until blue is ready; then users miss the gap that is told, and nothing else', async () => {
    const users = usersOf(box)
    const { outcome } = await endOf(box, ['perform', '--auto-switch', '--json'])
    expect(outcome).toMatchObject({ kind: 'switched', to: 'blue', own: ['web', 'worker'] })
    await expectOneGap(users, outcome.gapMs)
    expect(await redis(box, 'get', 'twice')).toBe('')
    const own = await ownOf(box)
    expect(own.redis).toEqual(before.redis)
    expect([own.web, own.worker]).toEqual([
      { ...before.web, state: 'exited' },
      { ...before.worker, state: 'exited' },
    ])
    expect(await statusOf(box)).toMatchObject({ active: 'blue', drift: [] })
  })

  test('is not started beside it by a plain `docker compose up`', async () => {
    await expect(box.compose(['up', '-d', 'web'])).rejects.toThrow(/port is already allocated/)
    expect((await box.get('/')).status).toBe(200)
    expect((await succeed(box, ['status'])).stdout).toMatch(/blue/)
  })

  test('whose worker somebody starts beside that of blue is named as drift, with its cure', async () => {
    await box.compose(['up', '-d', '--no-recreate', 'worker'])
    const seen = await box.upgrade(['status', '--exit-code'])
    expect([seen.code, seen.stdout]).toEqual([
      8,
      expect.stringMatching(/worker must not run twice, and does/),
    ])
    expect((await succeed(box, ['doctor'])).stdout).toMatch(/worker must not run twice, and does/)
    const cure = /docker (compose -p \S+ stop worker)/.exec(seen.stdout)?.[1]?.split(' ').slice(1) ?? []
    await box.compose(cure)
    expect((await box.upgrade(['status', '--exit-code'])).code).toBe(0)
    await redis(box, 'del', 'twice')
  })

  test('is given back by eject, which asks for a yes, and needs files that say what users have', async () => {
    expect((await box.upgrade(['eject'])).stderr).toMatch(/--yes/)
    box.write('compose.yaml', shop({ version: '2' }))
    const differing = await box.upgrade(['eject', '--yes'])
    expect([differing.code, differing.stderr]).toEqual([3, expect.stringMatching(/upgrade perform/)])
    box.write('compose.yaml', shop({ version: '1' }))
    const users = usersOf(box)
    const { outcome } = await endOf(box, ['eject', '--yes', '--json'])
    expect(outcome).toMatchObject({ kind: 'ejected', from: 'blue', services: ['web', 'worker'] })
    await expectOneGap(users, outcome.gapMs)
    const own = await ownOf(box)
    expect(own.redis).toEqual(before.redis)
    expect([own.web?.state, own.worker?.state]).toEqual(['running', 'running'])
    expect(await redis(box, 'get', 'twice')).toBe('')
    for (const part of ['blue', 'green', 'proxy'])
      expect(await containersOf(box, `${box.app}-${part}`)).toEqual([])
    expect(historyOf(box).map(({ result }) => result)).toEqual(['switched', 'ejected'])
    await box.compose(['up', '-d'])
    expect(await ownOf(box)).toMatchObject({ redis: own.redis, web: own.web, worker: own.worker })
  })

  test('is taken over again by a release that turns out to be bad: one command gives users what they had', async () => {
    const had = await ownOf(box)
    box.write('compose.yaml', shop({ version: '2' }))
    await box.compose(['run', '--no-deps', '--name', `${box.app}-by-hand`, 'worker', 'node', '-e', '0'])
    const ranAt = await box.docker(['inspect', '-f', '{{.State.StartedAt}}', `${box.app}-by-hand`])
    await succeed(box, ['perform', '--auto-switch'])
    expect((await statusOf(box)).rollback).toEqual({ ready: true, way: 'own', services: ['web', 'worker'] })
    expect((await box.get('/')).body).toMatch(/ 2\n/)
    const users = usersOf(box)
    const { outcome } = await endOf(box, ['rollback', '--json'])
    expect(outcome).toMatchObject({ kind: 'ejected', from: 'blue', containers: 'kept' })
    await expectOneGap(users, outcome.gapMs)
    expect((await box.get('/')).body).toMatch(/ 1\n/)
    expect(await ownOf(box)).toEqual(had)
    expect(await redis(box, 'get', 'twice')).toBe('')
    for (const part of ['blue', 'green', 'proxy'])
      expect(await containersOf(box, `${box.app}-${part}`)).toEqual([])
    expect(await box.docker(['inspect', '-f', '{{.State.StartedAt}}', `${box.app}-by-hand`])).toBe(ranAt)
    expect(historyOf(box).at(-1)).toMatchObject({ command: 'rollback', result: 'ejected' })
    expect((await box.upgrade(['rollback'])).stderr).toMatch(/No release .* serves users yet/)
  })

  test('is taken over once more', async () => {
    await succeed(box, ['perform', '--auto-switch'])
    expect(await statusOf(box)).toMatchObject({ active: 'blue', drift: [] })
    expect((await box.get('/')).body).toMatch(/ 2\n/)
  })
})

describe('a hand-over that does not come to its end', () => {
  let box: Sandbox
  let own: Awaited<ReturnType<typeof ownOf>>

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    await box.compose(['up', '-d'])
    await until(async () => (await box.get('/')).status === 200, { timeoutMs: 60_000 })
    own = await ownOf(box)
  })
  afterAll(() => box?.remove())

  test('gives the ports back, though somebody else got hold of them', async () => {
    const running = box.beginUpgrade(['perform', '--auto-switch'])
    const thief = await until(() => listening(box.port), { timeoutMs: 90_000, everyMs: 1 })
    await until(() => running.output().includes('Giving your own containers'), { timeoutMs: 30_000 })
    thief.close()
    const { code } = await running.ended
    expect(running.output()).toMatch(/your own containers serve \S+ again/)
    expect(code).toBe(6)
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(await ownOf(box)).toEqual(own)
  })

  test('is ended by the next command after a kill while nobody had the ports', async () => {
    const users = traffic(box)
    const running = box.beginUpgrade(['perform', '--auto-switch'])
    await until(() => users.count().failed > 0, { timeoutMs: 90_000, everyMs: 1 })
    running.kill('SIGKILL')
    expect((await running.ended).code).toBe(137)
    await box.upgrade(['cleanup', 'green'])
    await users.stop()
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const { active, deadRun, drift } = await statusOf(box)
    expect({ deadRun, drift }).toEqual({ deadRun: undefined, drift: [] })
    expect(await ownOf(box)).toEqual({ web: { ...own.web, state: active === 'blue' ? 'exited' : 'running' } })
    expect(historyOf(box).at(-1)?.result).toBe(active === 'blue' ? 'finished-late' : 'taken-back')
  })
})

/** The last event of a command that succeeds. */
async function endOf(box: Sandbox, args: string[]) {
  const { stdout } = await succeed(box, args)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/**
 * Nobody was answered for as long as it was told, and nothing failed before and after. What is sent while Docker
 * connects a container waits for the kernel to send it again, 1 s later.
 */
async function expectOneGap({ asking, waiting }: ReturnType<typeof usersOf>, gapMs: number): Promise<void> {
  const asked = await asking.stop()
  const waited = await waiting.stop()
  expect(Math.abs(asked.longestGapMs - gapMs)).toBeLessThan(300 + gapMs / 2)
  expect(waited.longestGapMs).toBeLessThan(1_300 + gapMs * 1.5)
  for (const { failed, failures } of [asked, waited]) expect(failures).toHaveLength(failed)
  expect(spread(asked.failures.map(({ startedMs }) => startedMs))).toBeLessThan(gapMs + 300)
  expect(spread(waited.failures.map(({ atMs }) => atMs))).toBeLessThan(gapMs + 300)
}

function spread(times: readonly number[]): number {
  return Math.max(...times) - Math.min(...times)
}

/** Another program takes a port as soon as it is free; undefined: it is not yet. */
function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', () => resolve(undefined))
    server.listen(port, '0.0.0.0', () => resolve(server))
  })
}
