import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_FILES, shop } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { containerOf, containersOf, snapshotsOf, statusOf, traces } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']

const COUNT = "import('/programs/redis.mjs').then(({ redis }) => redis('INCR commanded')).then(console.log)"
const SETTINGS = {
  services: { worker: { class: 'singleton', quiet: { signal: 'USR2', wait: '300ms' } } },
  migrate: { service: 'worker', command: ['node', '-e', COUNT] },
}

// No worker runs while one stops and the other starts; on a loaded machine that takes its time. What it may take is held
// to in singleton-gap.test.ts.
const NONE_FOR_AT_MOST_MS = 10_000

describe('a migration runs once per release, a worker in one color at a time', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({
      compose: shop({ version: '1' }),
      files: { ...SHOP_FILES, 'upgrade.yaml': JSON.stringify(SETTINGS) },
    })
    expect((await succeed(box, ['plan'])).stdout).not.toMatch(/runs nowhere/)
    await succeed(box, PERFORM)
    traffic = startTraffic({
      port: box.port,
      connections: 6,
      mode: 'keep-alive',
      path: '/count',
      maxMs: 300_000,
    })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const redis = async (...command: string[]) => {
    const { id } = await containerOf(box, box.app, 'redis')
    return (await box.docker(['exec', id, 'redis-cli', ...command])).trim()
  }
  const runningIn = async (color: string) =>
    (await containersOf(box, `${box.app}-${color}`))
      .filter((container) => container.state === 'running')
      .map((container) => container.service)
      .sort()
  const expectWorkOf = async (version: string) => {
    const before = Number(await redis('get', `work:${version}`))
    await until(async () => Number(await redis('get', `work:${version}`)) > before)
    expect(await redis('get', 'twice')).toBe('')
  }

  /** The worker of one color ended before that of the other began, and not long before. */
  const expectHandedOver = async (from: string, to: string) => {
    const timesOf = async (color: string, time: string) => {
      const { id } = await containerOf(box, `${box.app}-${color}`, 'worker')
      return Date.parse((await box.docker(['inspect', '--format', `{{.State.${time}}}`, id])).trim())
    }
    const noneMs = (await timesOf(to, 'StartedAt')) - (await timesOf(from, 'FinishedAt'))
    expect(noneMs).toBeGreaterThanOrEqual(0)
    expect(noneMs).toBeLessThan(NONE_FOR_AT_MOST_MS)
  }

  test('the first release migrated once, and its worker works', async () => {
    expect(await redis('get', 'migrations')).toBe('1')
    expect(await redis('get', 'commanded')).toBe('1')
    const [release = ''] = snapshotsOf(box)
    expect(box.read(`deployments/${release}/jobs.txt`)).toBe(
      `# migrate\nmigration 1 began\nmigration done\n\n# worker: node -e ${COUNT}\n1\n`,
    )
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
    await expectWorkOf('1')
  })

  test('a release that is only prepared has migrated, and leaves the worker where it is', async () => {
    box.write('compose.yaml', shop({ version: '2' }))
    expect((await succeed(box, ['plan'])).stdout).toMatch(/worker runs nowhere for a moment/)
    await succeed(box, ['perform'])
    expect(await redis('get', 'migrations')).toBe('2')
    expect(await runningIn('green')).toEqual(['web'])
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
    await expectWorkOf('1')
  })

  test('the switch hands the worker over', async () => {
    await succeed(box, ['switch', 'green'])
    expect(await runningIn('green')).toEqual(['web', 'worker'])
    expect(await runningIn('blue')).toEqual(['web'])
    await expectWorkOf('2')
    await expectHandedOver('blue', 'green')
    expect(await redis('get', 'quieted')).toBe('1')
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('a rollback hands it back and migrates nothing', async () => {
    await succeed(box, ['rollback'])
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
    expect(await runningIn('green')).toEqual(['web'])
    await expectWorkOf('1')
    await expectHandedOver('green', 'blue')
    expect(await redis('get', 'migrations')).toBe('2')
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('a release whose worker cannot start is taken back, and the old worker works again', async () => {
    box.write('compose.yaml', shop({ version: '2', environment: { WORKER: 'fails' } }))
    const ran = await expectCode(6, box, PERFORM)
    expect(ran.stderr).toContain('worker: no such queue')
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
    await expectWorkOf('1')
    await expectHandedOver('green', 'blue')
    expect((await statusOf(box)).active).toBe('blue')
  })

  test('a rollback from a snapshot hands it over, too', async () => {
    await succeed(box, ['cleanup', 'green', '--remove', '--yes'])
    await succeed(box, ['rollback', '--to', await newest(box)])
    expect(await runningIn('green')).toEqual(['web', 'worker'])
    expect(await runningIn('blue')).toEqual(['web'])
    await expectWorkOf('2')
    expect(await redis('get', 'migrations')).toBe('3')
  })

  test('a migration that fails ends the run with its last words, before the release starts', async () => {
    await succeed(box, ['cleanup', 'blue', '--remove', '--yes'])
    const before = await traces(box)
    box.write('compose.yaml', shop({ version: '1', environment: { MIGRATION: 'fails' } }))
    const ran = await expectCode(5, box, PERFORM)
    expect(ran.stderr).toContain('column "price" does not exist')
    expect(ran.stderr).toMatch(/migrate/)
    expect(ran.stderr).toMatch(/green still serves/)
    expect(await traces(box)).toEqual(before)
    expect(await redis('get', 'migrations')).toBe('4')
    await expectWorkOf('2')
  })

  test('no request failed meanwhile, and never did two workers meet', async () => {
    await expectNoneFailed(traffic)
    expect(await redis('get', 'twice')).toBe('')
    expect(await redis('get', 'disturbed')).toBe('')
  })
})

async function newest(box: Sandbox): Promise<string> {
  const { colors, recent } = await statusOf(box)
  const served = recent.filter((entry) => entry.result === 'switched').map((entry) => entry.release)
  return served.find((release) => release !== colors.blue.release) ?? ''
}
