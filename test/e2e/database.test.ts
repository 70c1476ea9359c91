import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webWithRedis } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { containerOf, containersOf, previewPort, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch']

const redisOf = (box: Sandbox) => containerOf(box, box.app, 'redis')

const count = async (box: Sandbox, port = box.port) => {
  const { body, status } = await box.get('/count', { port })
  expect(status, body).toBe(200)
  return Number(body)
}

const volumesOf = async (box: Sandbox) => {
  const names = await box.docker(['volume', 'ls', '--filter', `name=${box.app}`, '--format', '{{.Name}}'])
  return names.split('\n').filter((name) => name !== '' && !name.startsWith(`${box.app}-proxy`))
}

describe('a database that ran before the first upgrade is adopted as it is', () => {
  let box: Sandbox
  let traffic: Traffic
  let own: { id: string }
  let asked = 0

  beforeAll(async () => {
    box = await createSandbox({ compose: webWithRedis({ version: '1' }) })
    await box.compose(['up', '-d', '--wait', 'redis'])
    own = await redisOf(box)
    await box.docker(['exec', own.id, 'redis-cli', 'set', 'visits', '41'])
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const visit = async (port?: number) => {
    asked++
    return count(box, port)
  }
  const expectTheSameDatabase = async () => {
    expect(await containersOf(box, box.app)).toMatchObject([
      { id: own.id, service: 'redis', state: 'running' },
    ])
    expect(await volumesOf(box)).toEqual([`${box.app}_redis-data`])
  }

  test('the first release counts on where the database stood', async () => {
    await succeed(box, PERFORM)
    expect(await visit()).toBe(42)
    await expectTheSameDatabase()
    traffic = startTraffic({
      port: box.port,
      connections: 6,
      mode: 'keep-alive',
      path: '/count',
      maxMs: 120_000,
    })
  })

  test('the second release uses the same container and the same volume', async () => {
    box.write('compose.yaml', webWithRedis({ version: '2' }))
    await succeed(box, PERFORM)
    await expectTheSameDatabase()
  })

  test('each color reaches the database by its name', async () => {
    const [users, preview] = [await visit(), await visit(await previewPort(box))]
    expect(preview).toBeGreaterThan(users)
    expect((await box.get('/')).body).toBe('hello from 2\n')
    expect((await box.get('/', { port: await previewPort(box) })).body).toBe('hello from 1\n')
  })

  test('a plain `docker compose up -d redis` afterwards leaves it alone', async () => {
    await box.compose(['up', '-d', 'redis'])
    await expectTheSameDatabase()
  })

  test('a rollback, and one from a snapshot, count on', async () => {
    await succeed(box, ['rollback'])
    await succeed(box, ['cleanup', 'green', '--remove', '--yes'])
    await succeed(box, ['rollback', '--to', await releaseBefore(box)])
    expect((await box.get('/')).body).toBe('hello from 2\n')
    await visit()
    await expectTheSameDatabase()
  })

  test('no visit was refused, lost or counted twice', async () => {
    const report = await traffic.stop()
    expect(report.failures).toEqual([])
    expect(report.ok).toBeGreaterThan(200)
    expect(await visit()).toBe(41 + report.ok + asked)
  })
})

describe('a database that the first upgrade starts', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: webWithRedis({ version: '1' }) })
    await succeed(box, PERFORM)
  })
  afterAll(() => box?.remove())

  test('runs in the project of the app, and a plain `docker compose up -d redis` leaves it alone', async () => {
    const made = await redisOf(box)
    expect(await count(box)).toBe(1)
    await box.compose(['up', '-d', 'redis'])
    expect((await redisOf(box)).id).toBe(made.id)
    expect(await count(box)).toBe(2)
    expect(await volumesOf(box)).toEqual([`${box.app}_redis-data`])
  })

  test('is reached by both colors again once the user has recreated it and upgraded', async () => {
    const old = await redisOf(box)
    await box.compose(['up', '-d', '--force-recreate', '--wait', 'redis'])
    expect((await redisOf(box)).id).not.toBe(old.id)
    box.write('compose.yaml', webWithRedis({ version: '2' }))
    await succeed(box, PERFORM)
    expect(await count(box)).toBe(3)
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(await count(box)).toBe(4)
  })

  test('is made anew when its definition changed, and only when that is asked for', async () => {
    const old = await redisOf(box)
    box.write('compose.yaml', webWithRedis({ version: '2', redisFlags: ['--maxmemory', '64mb'] }))
    expect((await succeed(box, ['plan'])).stdout).toMatch(
      /definition of redis changed\. It is left as it runs/,
    )
    const { stderr } = await succeed(box, PERFORM)
    expect(stderr).toMatch(/warning: The definition of redis changed\. It is left/)
    expect((await redisOf(box)).id).toBe(old.id)
    expect((await statusOf(box)).drift).toMatchObject([{ kind: 'shared-differs', services: ['redis'] }])

    expect((await succeed(box, ['plan', '--include-shared'])).stdout).toMatch(/does not run for a moment/)
    await succeed(box, [...PERFORM, '--include-shared'])
    const made = await redisOf(box)
    expect(made.id).not.toBe(old.id)
    expect(await box.docker(['exec', made.id, 'redis-cli', 'config', 'get', 'maxmemory'])).toMatch(/67108864/)
    expect((await statusOf(box)).drift).toEqual([])
    const [users, preview] = [await count(box), await count(box, await previewPort(box))]
    expect([users, preview]).toEqual([5, 6])
    expect((await succeed(box, [...PERFORM, '--include-shared'])).stdout).toMatch(/Nothing to do/)
    expect((await redisOf(box)).id).toBe(made.id)
  })
})

async function releaseBefore(box: Sandbox): Promise<string> {
  const { recent } = JSON.parse((await box.upgrade(['status', '--json'])).stdout)
  return recent[1].release
}
