import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP_FILES, shop } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { killAt } from '../support/kill.ts'
import { heldTags, historyOf, snapshotsOf, statusOf, traces } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch']

const leftoversOf = async (box: Sandbox) => ({
  traces: await traces(box),
  snapshots: snapshotsOf(box),
  tags: await heldTags(box),
})

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

  test.each(['images', 'snapshot', 'shared', 'jobs', 'start', 'health', 'smoke'] as const)(
    'killed at %s, users stay, status tells of it, and the next command leaves nothing of it',
    async (step) => {
      await killAt(box, step, PERFORM)
      expect(await statusOf(box)).toMatchObject({
        active: 'blue',
        deadRun: { command: 'perform', step, way: 'taken-back' },
        lock: undefined,
      })
      const next = await succeed(box, ['cleanup'])
      expect(next.stderr).toMatch(/perform/)
      expect(await leftoversOf(box)).toEqual(before)
      expect(existsSync(join(box.folder, 'deployments/lock.json'))).toBe(false)
      expect(historyOf(box).at(-1)).toMatchObject({ command: 'perform', result: 'taken-back' })
      expect(await statusOf(box)).toMatchObject({ active: 'blue', deadRun: undefined, drift: [] })
    },
  )

  test('nothing came after it either', async () => {
    expect(await leftoversOf(box)).toEqual(before)
  })

  test('the next upgrade works as if nothing had been', async () => {
    await killAt(box, 'start', PERFORM)
    await succeed(box, PERFORM)
    expect((await box.get('/')).body).toBe('hello from 2\n')
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('what stood by when it was killed can still be gone back to', async () => {
    box.write('compose.yaml', shop({ version: '1', environment: { START_DELAY_MS: '501' } }))
    const { rollback } = await statusOf(box)
    await killAt(box, 'start', PERFORM)
    expect(await statusOf(box)).toMatchObject({ active: 'green' })
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const { colors, drift } = await statusOf(box)
    expect(drift).toEqual([])
    expect(rollback).toMatchObject({ ready: true, to: colors.blue.release })
  })

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})

describe('a first run that is killed', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: shop({ version: '1' }), files: SHOP_FILES })
    await box.compose(['up', '-d', '--wait', 'redis'])
  })
  afterAll(() => box?.remove())

  test.each(['start', 'health'] as const)('at %s leaves not even the proxy', async (step) => {
    const before = await leftoversOf(box)
    await killAt(box, step, PERFORM)
    await expectCode(5, box, ['switch', 'blue'])
    expect(await leftoversOf(box)).toEqual(before)
    const proxy = await box.docker(['ps', '-aq', '--filter', `name=${box.app}-proxy`])
    expect(proxy.trim()).toBe('')
  })
})
