import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { webApp } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { beginStoppedAt } from '../support/kill.ts'
import { historyOf, snapshotsOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch']
const MOVED_CLOCK = fileURLToPath(new URL('../support/programs/moved-clock.cjs', import.meta.url))
const DAY_MS = 24 * 60 * 60_000

describe('a new color that ends around the switch', () => {
  let box: Sandbox
  let green: string

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    green = `${box.app}-green-web-1`
    await succeed(box, PERFORM)
    box.write('compose.yaml', webApp({ version: '2' }))
  })
  afterAll(() => box?.remove())

  const settings = (given: Record<string, unknown>) => box.write('upgrade.yaml', JSON.stringify(given))
  const expectOnBlue = async () => {
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const { active, deadRun, drift } = await statusOf(box)
    expect({ active, deadRun, drift }).toEqual({ active: 'blue', deadRun: undefined, drift: [] })
  }

  test('right before it: nobody is moved', async () => {
    const traffic = startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: 60_000 })
    settings({ hooks: { pre_switch: { command: ['docker', 'kill', green] } } })
    const ran = await expectCode(5, box, PERFORM)
    expect(ran.stderr).toMatch(/web[\s\S]*Users were not affected: blue still serves[\s\S]*→/)
    await expectNoneFailed(traffic, { atLeast: 50 })
    await expectOnBlue()
  })

  test.each(['switch', 'confirm', 'watch'] as const)('during %s: users are put back', async (step) => {
    settings({ watch: '4s' })
    const running = await beginStoppedAt(box, step, [...PERFORM, '--force'])
    await box.docker(['kill', green])
    running.kill('SIGCONT')
    const ran = await running.ended
    expect(ran.code, ran.stderr).toBe(step === 'switch' ? 5 : 6)
    // What has ended is not waited for.
    expect(ran.durationMs).toBeLessThan(15_000)
    expect(ran.stderr).toMatch(
      /web in green ended with exit code 137[\s\S]*blue (still serves|serves .* again)[\s\S]*→/,
    )
    await expectOnBlue()
  })

  test('with a health that comes and goes: it is not taken for healthy', async () => {
    const model = parse(webApp({ version: '2' }))
    // Good and bad in turn, a second each.
    const flaps = 'if [ -e /tmp/good ]; then rm /tmp/good; exit 1; fi; touch /tmp/good'
    model.services.web.healthcheck = { test: ['CMD-SHELL', flaps], interval: '1s', retries: 1 }
    box.write('compose.yaml', stringify(model))
    settings({ health: { successes: 4, interval: '1s', timeout: '15s' } })
    const ran = await expectCode(5, box, PERFORM)
    expect(ran.stderr).toMatch(/web[\s\S]*Users were not affected: blue still serves[\s\S]*→/)
    await expectOnBlue()
  })

  test('a clock that is set forth and back changes neither the order of releases nor where rollback leads', async () => {
    settings({})
    const perform = async (version: string, movedMs: number) => {
      box.write('compose.yaml', webApp({ version, environment: { NUMBER: String(movedMs) } }))
      const env = {
        NODE_OPTIONS: `--require ${MOVED_CLOCK}`,
        CLOCK_MOVED_MS: String(movedMs),
        ROLLBACK_LIMIT: '2',
      }
      const ran = await box.upgrade(PERFORM, { env })
      expect(ran.code, ran.stderr).toBe(0)
      expect(ran.stdout).not.toMatch(/-\d+ ms/)
      return historyOf(box).at(-1)?.release ?? ''
    }
    const forth = await perform('2', 2 * DAY_MS)
    const now = await perform('1', 0)
    const back = await perform('2', -3 * DAY_MS)
    expect([forth, now, back].map((id) => id.replace(/^[a-z]+-/, ''))).toEqual(
      [forth, now, back].map((id) => id.replace(/^[a-z]+-/, '')).sort(),
    )
    expect(snapshotsOf(box)).toEqual([now, back])
    expect((await statusOf(box)).rollback).toMatchObject({ ready: true, to: now })
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    await succeed(box, ['status', '--exit-code'])
  })
})
