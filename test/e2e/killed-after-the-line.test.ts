import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_FILES, shop } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { killAt } from '../support/kill.ts'
import { containersOf, historyOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

describe('a run that is killed after the line is finished', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({
      compose: shop({ version: '1' }),
      files: { ...SHOP_FILES, 'upgrade.yaml': 'services:\n  worker:\n    class: singleton\nwatch: 300ms\n' },
    })
    await succeed(box, ['perform', '--auto-switch'])
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    box.write('compose.yaml', shop({ version: '2' }))
    await succeed(box, ['perform'])
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const workersIn = async (color: string) =>
    (await containersOf(box, `${box.app}-${color}`)).filter(
      (container) => container.service === 'worker' && container.state === 'running',
    ).length
  /** Users, records and the worker are in one place. */
  const expectOneTruth = async (color: string | undefined) => {
    const { active, deadRun, drift } = await statusOf(box)
    expect({ active, deadRun, drift }).toEqual({ active: color, deadRun: undefined, drift: [] })
    expect((await box.get('/')).body).toBe(active === 'blue' ? 'hello from 1\n' : 'hello from 2\n')
    expect(box.read('deployments/active')).toBe(`${active}\n`)
    expect([await workersIn('blue'), await workersIn('green')]).toEqual(active === 'blue' ? [1, 0] : [0, 1])
  }

  // `switch` may be killed on either side of the line; from `confirm` on users were moved.
  test.each(['switch', 'confirm', 'singletons', 'watch'] as const)(
    'killed at %s, the next command brings users, records and worker to one color',
    async (step) => {
      await killAt(box, step, ['switch', 'green'])
      const { active, deadRun } = await statusOf(box)
      expect(deadRun).toMatchObject({
        command: 'switch',
        step,
        way: active === 'green' ? 'finished' : 'taken-back',
      })
      if (step !== 'switch') expect(active).toBe('green')
      // It recovers before it looks what there is to do.
      await box.upgrade(['switch', active ?? ''])
      expect(historyOf(box).at(-1)).toMatchObject({
        command: 'switch',
        result: active === 'green' ? 'finished-late' : 'taken-back',
      })
      await expectOneTruth(active)
      if (active === 'green') await succeed(box, ['rollback'])
    },
  )

  const killWhileStoppingOld = async (step: 'drain' | 'cleanup') => {
    await killAt(box, step, ['switch', 'green'], { AUTO_CLEANUP: 'true' })
    expect((await statusOf(box)).deadRun).toMatchObject({ command: 'switch', step, way: 'finished' })
  }

  test('killed at drain, a rollback leads back at once: what it was about to stop still runs', async () => {
    await killWhileStoppingOld('drain')
    await succeed(box, ['rollback'])
    await expectOneTruth('blue')
  })

  test('killed at cleanup, the next command stops what was to be stopped', async () => {
    await killWhileStoppingOld('cleanup')
    const next = await succeed(box, ['perform', '--auto-switch'])
    expect(next.stdout + next.stderr).toMatch(/Nothing to do/)
    const blue = await containersOf(box, `${box.app}-blue`)
    expect(blue.filter(({ state }) => state === 'running')).toEqual([])
    expect(historyOf(box).at(-1)).toMatchObject({ command: 'switch', result: 'finished-late' })
    await expectOneTruth('green')
  })

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})
