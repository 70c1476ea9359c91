import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp, webWithoutHealthcheck } from '../support/apps.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'

describe('after the line, users end on a color that works', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    expect((await box.upgrade(['perform', '--auto-switch'])).code).toBe(0)
  })
  afterAll(async () => {
    await box?.remove()
  })

  test('a release that gets healthy and then dies is seen while it is watched, and users go back', async () => {
    box.write('upgrade.yaml', 'watch: 10s\n')
    box.write('compose.yaml', webWithoutHealthcheck({ version: '2', environment: { BROKEN: 'dies' } }))
    const ran = await box.upgrade(['perform', '--auto-switch'])
    box.write('upgrade.yaml', '{}\n')
    expect(ran.stderr).toMatch(/web/)
    expect(ran.stderr).toMatch(/blue/)
    expect(ran.code).toBe(6)
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(box.read('deployments/active')).toBe('blue\n')
  })

  test('a color that is unhealthy by its own check gets users only by force', async () => {
    box.write('compose.yaml', webApp({ version: '2', environment: { BROKEN: 'unhealthy' } }))
    const prepared = await box.upgrade(['perform', '--skip-health'])
    expect(prepared.code).toBe(0)
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const refused = await box.upgrade(['switch', 'green'])
    expect(refused.stderr).toMatch(/--force/)
    expect(refused.code).toBe(5)
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const forced = await box.upgrade(['switch', 'green', '--force'])
    expect(forced.code).toBe(0)
    expect((await box.get('/')).body).toBe('hello from 2\n')
    expect((await box.upgrade(['rollback'])).code).toBe(0)
    expect((await box.get('/')).body).toBe('hello from 1\n')
  })
})
