import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { imageFromSetup, webWithRedis } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { reach } from '../support/kill.ts'
import { containersOf, historyOf, leftoversOf, statusOf } from '../support/observe.ts'
import { createPrivateEngine, type PrivateEngine } from '../support/private-engine.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch', '--auto-cleanup']

describe('the engine ends in the middle of everything', () => {
  let engine: PrivateEngine
  let box: Sandbox

  beforeAll(async () => {
    const images = [imageFromSetup('PROXY_IMAGE'), imageFromSetup('REDIS_IMAGE')]
    engine = await createPrivateEngine([...images, testAppImage('1'), testAppImage('2')])
    box = await createSandbox({ engine, compose: release('1') })
    await succeed(box, PERFORM)
    box.write('compose.yaml', release('2'))
    await succeed(box, PERFORM)
  })
  afterAll(async () => {
    await engine?.remove()
    await box?.remove()
  })

  /** Users get a release, from a color that reaches its database, and the other color stands still. */
  const expectServed = async (version: string, color: 'blue' | 'green') => {
    await until(async () => (await box.get('/count')).status === 200, { timeoutMs: 60_000 })
    expect((await box.get('/')).body).toBe(`hello from ${version}\n`)
    const { active, deadRun, drift } = await statusOf(box)
    expect({ active, deadRun, drift }).toEqual({ active: color, deadRun: undefined, drift: [] })
    const other = await containersOf(box, `${box.app}-${color === 'blue' ? 'green' : 'blue'}`)
    expect(other.filter(({ state }) => state === 'running')).toEqual([])
  }
  const visits = async () => Number((await box.get('/count')).body)

  test.each(['stop', 'powerOff'] as const)(
    'after %s and a start users are served by the active color, and the stopped one stays stopped',
    async (end) => {
      const before = await visits()
      await engine[end]()
      await expect(box.get('/')).rejects.toThrow()
      await engine.start()
      await expectServed('2', 'green')
      expect(await visits()).toBeGreaterThan(before)
    },
  )

  test('a color that was stopped and is started again comes back with the engine after a crash, too', async () => {
    for (const [version, color] of [
      ['1', 'blue'],
      ['2', 'green'],
    ] as const) {
      await succeed(box, ['rollback'])
      await succeed(box, ['cleanup'])
      await engine.kill()
      await engine.start()
      await expectServed(version, color)
    }
  })

  test('killed before the line, users keep their color, and the next command leaves nothing of the run', async () => {
    const before = await leftoversOf(box)
    box.write('compose.yaml', release('1', { START_DELAY_MS: '3000' }))
    const running = box.beginUpgrade(PERFORM)
    await reach(box, running, 'health')
    await engine.kill()
    const ran = await running.ended
    expect([ran.code, ran.stderr]).toEqual([5, expect.stringMatching(/green still serves/)])
    await engine.start()
    await until(async () => (await box.get('/')).body === 'hello from 2\n', { timeoutMs: 60_000 })
    expect((await statusOf(box)).deadRun).toMatchObject({ step: 'health', way: 'taken-back' })
    await succeed(box, ['cleanup'])
    await expectServed('2', 'green')
    expect((await leftoversOf(box)).snapshots).toEqual(before.snapshots)
    expect((await leftoversOf(box)).tags).toEqual(before.tags)
    expect(historyOf(box).at(-1)).toMatchObject({ command: 'perform', result: 'taken-back' })
  })

  test('killed after the line, users stay on the color they were led to, and the next command finishes', async () => {
    box.write('upgrade.yaml', 'watch: 60s\n')
    box.write('compose.yaml', release('1', { NUMBER: '3' }))
    const running = box.beginUpgrade(PERFORM)
    await reach(box, running, 'watch')
    await engine.kill()
    const ran = await running.ended
    expect(ran.code, ran.stderr).toBe(7)
    await engine.start()
    await until(async () => (await box.get('/')).body === 'hello from 1\n', { timeoutMs: 60_000 })
    await succeed(box, ['cleanup'])
    expect(historyOf(box).at(-1)).toMatchObject({ command: 'perform', result: 'finished-late' })
    await expectServed('1', 'blue')
  })
})

function release(version: string, environment?: Record<string, string>): string {
  const model = parse(webWithRedis({ version, ...(environment && { environment }) }))
  // As most people write it; the engine starts such a container even if it was stopped.
  for (const service of Object.values<{ restart?: string }>(model.services)) service.restart = 'always'
  return stringify(model)
}
