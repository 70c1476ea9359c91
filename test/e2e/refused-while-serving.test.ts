import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

describe('while blue serves, what cannot work changes nothing', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    expect((await box.upgrade(['perform', '--auto-switch'])).code).toBe(0)
    traffic = startTraffic({ port: box.port, connections: 8, mode: 'keep-alive', maxMs: 175_000, paceMs: 20 })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const expectUnchanged = async () => {
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(box.read('deployments/active')).toBe('blue\n')
    const green = await box.docker([
      'ps',
      '-aq',
      '--filter',
      `label=com.docker.compose.project=${box.app}-green`,
    ])
    expect(green.trim()).toBe('')
  }

  test('a release that never listens ends at the timeout, with the evidence', async () => {
    const never = webApp({ version: '2', environment: { BROKEN: 'never' } })
    box.write('compose.yaml', never.replace(/healthcheck:[\s\S]*?retries: 5\n/, ''))
    const ran = await box.upgrade(['perform', '--auto-switch', '--timeout', '3'])
    expect(ran.stderr).toMatch(/did not become healthy/)
    expect(ran.stderr).toMatch(/blue still serves/)
    expect(ran.code).toBe(5)
    await expectUnchanged()
  })

  test('a release whose own check fails ends at once', async () => {
    box.write('compose.yaml', webApp({ version: '2', environment: { BROKEN: 'unhealthy' } }))
    const ran = await box.upgrade(['perform', '--auto-switch', '--timeout', '60'])
    expect(ran.code).toBe(5)
    expect(ran.durationMs).toBeLessThan(30_000)
    await expectUnchanged()
  })

  test('a template of the user that throws is refused with its line', async () => {
    box.write('templates/site.conf.ejs', 'a\nb\n<% throw new Error("no luck") %>\n')
    box.write('upgrade.yaml', 'templates: ./templates\n')
    box.write('compose.yaml', webApp({ version: '2' }))
    const ran = await box.upgrade(['perform', '--auto-switch'])
    expect(ran.stderr).toMatch(/site\.conf\.ejs/)
    expect(ran.stderr).toMatch(/no luck/)
    expect(ran.code).toBe(3)
    await expectUnchanged()
  })

  test('a template that renders what nginx refuses is refused with the words of nginx', async () => {
    box.write('templates/site.conf.ejs', 'no_such_directive on;\n')
    const ran = await box.upgrade(['perform', '--auto-switch'])
    box.write('upgrade.yaml', '{}\n')
    expect(ran.stderr).toMatch(/no_such_directive/)
    expect(ran.code).toBe(3)
    await expectUnchanged()
  })

  test('switching to the active color, or to one that does not run, says so', async () => {
    const active = await box.upgrade(['switch', 'blue'])
    expect(active.stderr).toMatch(/users are on blue already/i)
    expect(active.code).toBe(5)
    const absent = await box.upgrade(['switch', 'green'])
    expect(absent.stderr).toMatch(/green does not run/i)
    expect(absent.code).toBe(5)
    await expectUnchanged()
  })

  test('cleanup refuses the active color', async () => {
    const ran = await box.upgrade(['cleanup', 'blue', '--remove', '--yes'])
    expect(ran.code).toBe(5)
    await expectUnchanged()
  })

  test('rollback without an earlier release, or to one that is not there, is refused', async () => {
    expect((await box.upgrade(['rollback'])).code).toBe(3)
    const ran = await box.upgrade(['rollback', '--to', 'green-20200101-000000'])
    expect(ran.stderr).toMatch(/green-20200101-000000/)
    expect(ran.code).toBe(3)
    await expectUnchanged()
  })

  test('a second upgrade at the same time is told who holds the lock', async () => {
    box.write('compose.yaml', webApp({ version: '2', environment: { START_DELAY_MS: '3000' } }))
    const first = box.beginUpgrade(['perform', '--auto-switch'])
    await until(() => box.read('deployments/lock.json'), { timeoutMs: 10_000, everyMs: 20 })
    const second = await box.upgrade(['perform', '--auto-switch'])
    expect(second.stderr).toMatch(/perform/)
    expect(second.stderr).toMatch(/\d+/)
    expect(second.code).toBe(4)
    expect((await first.ended).code).toBe(0)
    expect((await box.upgrade(['rollback'])).code).toBe(0)
    expect((await box.upgrade(['cleanup', '--remove', '--yes'])).code).toBe(0)
    await expectUnchanged()
  })

  test('corrupt records are set aside and rebuilt from what is observed', async () => {
    box.write('deployments/history.json', '[{"format":1,')
    box.write('deployments/active', 'mauve')
    const ran = await box.upgrade(['status'])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/Active Deployment: +blue/)
    const told = ran.stdout.replaceAll(/\s+/g, ' ')
    expect(told).toMatch(/active could not be read .* It was kept as active\.corrupt-/)
    expect(told).toMatch(/history\.json could not be read .* It was kept as history\.json\.corrupt-/)
    box.write('compose.yaml', webApp({ version: '2' }))
    expect((await box.upgrade(['perform', '--auto-switch'])).code).toBe(0)
    expect(box.read('deployments/active')).toBe('green\n')
    expect(JSON.parse(box.read('deployments/history.json'))).toHaveLength(1)
    const kept = readdirSync(join(box.folder, 'deployments')).filter((name) => name.includes('.corrupt-'))
    expect(kept.map((name) => name.replace(/\.corrupt-.*/, '')).sort()).toEqual(['active', 'history.json'])
  })

  test('a history that nobody can read is told by whoever finds it: history, doctor, doctor --fix', async () => {
    for (const args of [['history'], ['doctor'], ['doctor', '--fix']]) {
      box.write('deployments/history.json', '[{')
      const ran = await box.upgrade(args)
      expect(ran.stdout.replaceAll(/\s+/g, ' ')).toMatch(
        /history\.json could not be read .* It was kept as history\.json\.corrupt-/,
      )
      expect([args, ran.code]).toEqual([args, 0])
    }
    expect((await box.upgrade(['status', '--exit-code'])).code).toBe(0)
    expect((await box.upgrade(['history'])).stdout).toMatch(/finished late/)
  })

  test('switching to a color that is paused is refused', async () => {
    await box.docker(['pause', `${box.app}-blue-web-1`])
    const refused = await box.upgrade(['switch', 'blue'])
    await box.docker(['unpause', `${box.app}-blue-web-1`])
    expect(refused.stderr).toMatch(/blue does not run/i)
    expect(refused.code).toBe(5)
    expect((await box.get('/')).body).toBe('hello from 2\n')
  })

  test('no request failed meanwhile', async () => {
    const report = await traffic.stop()
    expect(report.failures).toEqual([])
    expect(report.sent).toBeGreaterThan(200)
  })
})
