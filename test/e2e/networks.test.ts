import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { imageFromSetup, webWithRedis } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { previewPort, statusOf, traces } from '../support/observe.ts'
import { createPrivateEngine, type PrivateEngine } from '../support/private-engine.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']

let engine: PrivateEngine
const boxes: Sandbox[] = []

beforeAll(async () => {
  const images = [imageFromSetup('PROXY_IMAGE'), imageFromSetup('REDIS_IMAGE')]
  engine = await createPrivateEngine([...images, testAppImage('1'), testAppImage('2')])
})
afterAll(async () => {
  await engine?.remove()
  for (const box of boxes) await box.remove()
})

async function openBox(compose: string): Promise<Sandbox> {
  const box = await createSandbox({ engine, compose })
  boxes.push(box)
  return box
}

describe('where the address pools are almost used up', () => {
  let box: Sandbox
  let room: number

  beforeAll(async () => {
    box = await openBox(webWithRedis({ version: '1' }))
    room = await fill()
  })

  /** Makes networks until Docker has no room for more; tells how many it had room for. */
  const fill = async (made = 0): Promise<number> => {
    const more = await box.docker(['network', 'create', `other-${made + 1}`]).then(
      () => true,
      (error: Error) => {
        if (!/non-overlapping|fully subnetted/.test(error.message)) throw error
        return false
      },
    )
    return more ? fill(made + 1) : made
  }
  const sizes = async () => {
    const format = '{{(index .IPAM.Config 0).Subnet}}'
    const names = ['default', 'blue_default', 'green_default'].map((end) =>
      end === 'default' ? `${box.app}_default` : `${box.app}-${end}`,
    )
    const inspected = ['network', 'inspect', '--format', format, ...names, `00-${box.app}-proxy`]
    return (await box.docker(inspected)).trim().split('\n')
  }

  test('a shortage is named before anything fails on it', async () => {
    const doctor = await box.upgrade(['doctor'])
    expect([doctor.code, doctor.stdout]).toEqual([
      8,
      expect.stringMatching(/room for 0 more networks; this app needs 4/),
    ])
    const ran = await box.upgrade(PERFORM)
    expect([ran.code, ran.stderr]).toEqual([5, expect.stringMatching(/too few networks left/)])
    expect(await traces(box)).toEqual([])
    // One for the database, which is Compose's own affair, and a block for the rest of this app and of all others.
    await box.docker(['network', 'rm', 'other-1', 'other-2'])
  })

  test('room for two networks is enough for both colors of an app with a database', async () => {
    expect(room).toBe(30)
    expect((await box.upgrade(['doctor'])).stdout).toContain('2 needed, room for 2')
    await succeed(box, PERFORM)
    const traffic = startTraffic({ port: box.port, connections: 2, mode: 'keep-alive', maxMs: 90_000 })
    box.write('compose.yaml', webWithRedis({ version: '2' }))
    await succeed(box, PERFORM)
    const standby = await previewPort(box)
    await engine.publish(standby)
    expect((await box.get('/count')).status).toBe(200)
    expect((await box.get('/count', { port: standby })).status).toBe(200)
    await expectNoneFailed(traffic, { atLeast: 50 })
    const [base, ...others] = await sizes()
    expect(base).toMatch(/\/(16|20)$/)
    expect(others.map((subnet) => subnet.split('/')[1])).toEqual(['24', '24', '24'])
    expect((await box.upgrade(['doctor'])).stdout).toContain('0 needed, room for 0')
  })

  test('a color that was removed comes up again', async () => {
    await succeed(box, ['cleanup', 'blue', '--remove', '--yes'])
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect((await statusOf(box)).drift).toEqual([])
  })
})

test('ten apps with databases leave room for as many more on the pools that Docker has', async () => {
  const [first] = boxes
  await first?.docker(['network', 'prune', '--force'])
  const others = await Promise.all(Array.from({ length: 9 }, () => openBox(withDatabase('1'))))
  // That they become healthy is other tests' affair.
  const deploy = (box: Sandbox) => succeed(box, [...PERFORM, '--skip-health'])
  await inTwos(others, deploy)
  const roomLeft = async () => {
    const doctor = (await first?.upgrade(['doctor']))?.stdout ?? ''
    return Number(/0 needed, room for (\d+)/.exec(doctor)?.[1])
  }
  const left = await roomLeft()
  expect(left).toBeGreaterThanOrEqual(10)
  // The other color takes none.
  const [last] = others.slice(-1)
  last?.write('compose.yaml', withDatabase('2'))
  if (last !== undefined) await deploy(last)
  expect(await roomLeft()).toBe(left)
  for (const box of others) await until(async () => /^hello from/.test((await box.get('/')).body))
}, 400_000)

/** An app and what it keeps data in; nothing is waited for but that it answers. */
function withDatabase(version: string): string {
  const { services, ...rest } = parse(webWithRedis({ version })) as { services: Record<string, object> }
  const bare = Object.entries(services).map(([name, service]) => [
    name,
    { ...service, healthcheck: undefined, depends_on: undefined },
  ])
  return stringify({ ...rest, services: Object.fromEntries(bare) })
}

async function inTwos(all: readonly Sandbox[], work: (box: Sandbox) => Promise<unknown>): Promise<void> {
  const left = [...all]
  const one = async () => {
    for (let box = left.shift(); box !== undefined; box = left.shift()) await work(box)
  }
  await Promise.all([one(), one()])
}
