import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { heldTags, snapshotsOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

describe('with a limit of two releases', () => {
  let box: Sandbox
  let traffic: Traffic
  const made: string[] = []

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }), env: { ROLLBACK_LIMIT: '2' } })
    await succeed(box, ['perform', '--auto-switch'])
    made.push(...snapshotsOf(box))
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const performAgain = async (environment: Record<string, string>) => {
    box.write('compose.yaml', webApp({ version: made.length % 2 ? '2' : '1', environment }))
    await succeed(box, ['perform', '--auto-switch'])
    made.push(snapshotsOf(box).at(-1) ?? '')
  }

  test('four more upgrades leave the last two releases and the images of no other', async () => {
    for (const NUMBER of ['2', '3', '4', '5']) await performAgain({ NUMBER })
    expect(new Set(made).size).toBe(5)
    expect(snapshotsOf(box)).toEqual(made.slice(-2))
    expect((await heldTags(box)).map((tag) => tag.split(':')[1])).toEqual(made.slice(-2).sort())
  })

  test('after a rollback, neither the release that users are on nor the one they left is dropped', async () => {
    await succeed(box, ['rollback'])
    const [previous, active] = [made.at(-1), made.at(-2)]
    expect(await statusOf(box)).toMatchObject({
      colors: { green: { release: active } },
      rollback: { ready: true, to: previous },
    })
    await performAgain({ NUMBER: '6' })
    expect(snapshotsOf(box)).toContain(active)
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: true, to: active } })
    await succeed(box, ['rollback'])
    expect(await statusOf(box)).toMatchObject({ colors: { green: { release: active } }, drift: [] })
  })

  test('no request failed meanwhile', async () => {
    await expectNoneFailed(traffic)
  })
})
