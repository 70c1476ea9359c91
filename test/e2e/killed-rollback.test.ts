import { afterAll, beforeAll, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { killAt } from '../support/kill.ts'
import { historyOf, snapshotsOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'

let box: Sandbox

beforeAll(async () => {
  box = await createSandbox({ compose: webApp({ version: '1' }) })
  await succeed(box, ['perform', '--auto-switch'])
  box.write('compose.yaml', webApp({ version: '2' }))
  await succeed(box, ['perform', '--auto-switch', '--auto-cleanup'])
})
afterAll(async () => {
  await box?.remove()
})

test('a rollback that is killed while it starts a release keeps the snapshot it starts from', async () => {
  const before = snapshotsOf(box)
  await killAt(box, 'start', ['rollback'])
  expect((await box.get('/')).body).toBe('hello from 2\n')
  await succeed(box, ['rollback'])
  expect(historyOf(box).at(-2)).toMatchObject({ command: 'rollback', result: 'taken-back' })
  expect(snapshotsOf(box)).toEqual(before)
  expect((await box.get('/')).body).toBe('hello from 1\n')
})
