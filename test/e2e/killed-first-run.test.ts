import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webWithRedis } from '../support/apps.ts'
import { expectCode } from '../support/expect.ts'
import { killAt } from '../support/kill.ts'
import { leftoversOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'

describe('a first run that is killed', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: webWithRedis({ version: '1' }) })
    await box.compose(['up', '-d', '--wait', 'redis'])
  })
  afterAll(() => box?.remove())

  test.each(['start', 'health'] as const)('at %s leaves not even the proxy', async (step) => {
    const before = await leftoversOf(box)
    await killAt(box, step, ['perform', '--auto-switch'])
    await expectCode(5, box, ['switch', 'blue'])
    expect(await leftoversOf(box)).toEqual(before)
    const proxy = await box.docker(['ps', '-aq', '--filter', `name=${box.app}-proxy`])
    expect(proxy.trim()).toBe('')
  })
})
