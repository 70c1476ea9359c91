import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_FILES, shop } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { containerOf, containersOf, statusOf, traces } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']

describe('a migration runs once per release, a worker in one color at a time', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({
      compose: shop({ version: '1' }),
      files: { ...SHOP_FILES, 'upgrade.yaml': 'services:\n  worker:\n    class: singleton\n' },
    })
    await succeed(box, PERFORM)
    traffic = startTraffic({
      port: box.port,
      connections: 6,
      mode: 'keep-alive',
      path: '/count',
      maxMs: 120_000,
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

  test('the first release migrated once, and its worker works', async () => {
    expect(await redis('get', 'migrations')).toBe('1')
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
    await expectWorkOf('1')
  })

  test('a release that is only prepared has migrated, and leaves the worker where it is', async () => {
    box.write('compose.yaml', shop({ version: '2' }))
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
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('a rollback hands it back and migrates nothing', async () => {
    await succeed(box, ['rollback'])
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
    expect(await runningIn('green')).toEqual(['web'])
    await expectWorkOf('1')
    expect(await redis('get', 'migrations')).toBe('2')
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('a rollback from a snapshot hands it over, too', async () => {
    await succeed(box, ['cleanup', 'green', '--remove', '--yes'])
    await succeed(box, ['rollback', '--to', await newest(box)])
    expect(await runningIn('green')).toEqual(['web', 'worker'])
    expect(await runningIn('blue')).toEqual(['web'])
    await expectWorkOf('2')
    expect(await redis('get', 'migrations')).toBe('2')
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
    expect(await redis('get', 'migrations')).toBe('3')
    await expectWorkOf('2')
  })

  test('no request failed meanwhile, and never did two workers meet', async () => {
    await expectNoneFailed(traffic)
    expect(await redis('get', 'twice')).toBe('')
  })
})

async function newest(box: Sandbox): Promise<string> {
  const { colors, recent } = await statusOf(box)
  const served = recent.map((entry) => entry.release).find((release) => release !== colors.blue.release)
  return served ?? ''
}
