import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_FILES, shop } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { killAt, killAtTrace } from '../support/kill.ts'
import { historyOf, leftoversOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']

describe('a run that is killed before the line is taken back', () => {
  let box: Sandbox
  let traffic: Traffic
  let before: Awaited<ReturnType<typeof leftoversOf>>

  beforeAll(async () => {
    box = await createSandbox({
      compose: shop({ version: '1' }),
      files: {
        ...SHOP_FILES,
        'upgrade.yaml': 'services:\n  worker:\n    class: singleton\nsmoke:\n  - path: /slow/500\n',
      },
    })
    await succeed(box, PERFORM)
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    before = await leftoversOf(box)
    box.write('compose.yaml', shop({ version: '2', environment: { START_DELAY_MS: '500' } }))
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  test.each(['images', 'snapshot', 'jobs', 'start', 'health', 'smoke'] as const)(
    'killed at %s, users stay, status tells of it, and the next command leaves nothing of it',
    async (step) => {
      await killAt(box, step, PERFORM)
      const { active, deadRun, lock } = await statusOf(box)
      expect({ active, lock }).toEqual({ active: 'blue', lock: undefined })
      expect(deadRun).toMatchObject({ command: 'perform', step, way: 'taken-back' })
      const next = await succeed(box, ['cleanup'])
      expect(next.stderr).toMatch(/perform/)
      expect(await leftoversOf(box)).toEqual(before)
      expect(existsSync(join(box.folder, 'deployments/lock.json'))).toBe(false)
      expect(historyOf(box).at(-1)).toMatchObject({ command: 'perform', result: 'taken-back' })
    },
  )

  test('nothing came after it either', async () => {
    expect(await leftoversOf(box)).toEqual(before)
    const { active, deadRun, drift } = await statusOf(box)
    expect({ active, deadRun, drift }).toEqual({ active: 'blue', deadRun: undefined, drift: [] })
  })

  // Compose goes on by itself for a moment when the program that started it is killed.
  test('killed while compose works, the next upgrade goes as if nothing had been', async () => {
    await killAtTrace(box, `${box.app}-green_default`, PERFORM)
    await succeed(box, PERFORM)
    expect((await box.get('/')).body).toBe('hello from 2\n')
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('what stood by when it was killed stands by again after the next command', async () => {
    box.write('compose.yaml', shop({ version: '1', environment: { START_DELAY_MS: '501' } }))
    const { rollback } = await statusOf(box)
    await killAt(box, 'health', PERFORM)
    await expectCode(5, box, ['switch', 'green'])
    expect((await statusOf(box)).rollback).toEqual(rollback)
    await until(async () => (await statusOf(box)).colors.blue.health === 'healthy', { timeoutMs: 30_000 })
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const { colors, drift } = await statusOf(box)
    expect(drift).toEqual([])
    expect(rollback).toMatchObject({ ready: true, way: 'warm', to: colors.blue.release })
  })

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})
