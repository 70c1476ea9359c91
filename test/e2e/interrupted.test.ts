import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { webApp } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { journaledStep, reach } from '../support/kill.ts'
import { containerOf, historyOf, leftoversOf, statusOf } from '../support/observe.ts'
import type { Ran } from '../support/run.ts'
import { createSandbox, PROGRAM, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { beginOnTerminal } from '../support/terminal.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']
const never = webApp({ version: '2', environment: { BROKEN: 'never' } })

describe('an upgrade that is interrupted leaves users where they are', () => {
  let box: Sandbox
  let traffic: Traffic
  let before: Awaited<ReturnType<typeof leftoversOf>>

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    await succeed(box, PERFORM)
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    before = await leftoversOf(box)
    box.write('compose.yaml', never)
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const expectUnchanged = async () => {
    expect(await leftoversOf(box)).toEqual(before)
    for (const file of ['journal.json', 'lock.json', 'lock'])
      expect([file, existsSync(join(box.folder, 'deployments', file))]).toEqual([file, false])
    expect((await box.get('/')).body).toBe('hello from 1\n')
  }

  test.each([
    ['SIGINT', 'start'],
    ['SIGINT', 'health'],
    ['SIGTERM', 'health'],
  ] as const)('%s during %s takes back and exits with 5', async (signal, step) => {
    const running = box.beginUpgrade(PERFORM)
    await reach(box, running, step)
    running.kill(signal)
    const ran = await running.ended
    expect(ran.code, ran.stderr).toBe(5)
    expect(ran.stderr).toMatch(/blue still serves/)
    expect(ran.durationMs).toBeLessThan(30_000)
    expect(historyOf(box).at(-1)).toMatchObject({ result: 'aborted', reason: 'interrupted' })
    await expectUnchanged()
  })

  test('a terminal that is closed during health takes back, though there is nobody to tell', async () => {
    const running = beginOnTerminal(box, PERFORM)
    await until(() => journaledStep(box) === 'health', { timeoutMs: 60_000, everyMs: 10 })
    running.close()
    await until(() => !existsSync(join(box.folder, 'deployments/lock')), { timeoutMs: 30_000 })
    expect(historyOf(box).at(-1)).toMatchObject({ result: 'aborted', reason: 'interrupted' })
    await expectUnchanged()
  })

  test('a second SIGINT stops at once, and the next command takes back', async () => {
    const running = box.beginUpgrade(PERFORM)
    await reach(box, running, 'health')
    running.kill('SIGINT')
    await until(() => /taking back/i.test(running.output()), { everyMs: 5 })
    running.kill('SIGINT')
    const ran = await running.ended
    expect(ran.code, ran.stderr).toBe(130)
    expect((await statusOf(box)).deadRun).toMatchObject({ command: 'perform', way: 'taken-back' })
    await succeed(box, ['cleanup'])
    await expectUnchanged()
  })

  test.each([[PERFORM], [[...PERFORM, '--json']]])(
    'upgrade %j goes on when nobody reads its output any more',
    async (args) => {
      box.write('compose.yaml', webApp({ version: '2', environment: { ARGS: args.join(' ') } }))
      const ran = await withoutReader(box, args)
      expect(ran.stderr).not.toMatch(/EPIPE/)
      expect(ran.code).toBe(0)
      const { active, colors } = await statusOf(box)
      expect((await box.get('/')).body).toBe('hello from 2\n')
      expect(colors[active ?? 'blue'].health).toBe('healthy')
      expect(historyOf(box).at(-1)).toMatchObject({ result: 'switched' })
    },
  )

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})

test('a SIGINT while a container takes its grace time says at once what is waited for; a second one stops', async () => {
  const deaf = {
    image: testAppImage('1'),
    entrypoint: ['sh', '-c', 'trap "echo asked" TERM; while :; do sleep 0.1; done'],
    stop_grace_period: '20s',
  }
  const compose = (version: string) => {
    const model = parse(webApp({ version }))
    return stringify({ services: { ...model.services, deaf } })
  }
  const box = await createSandbox({ compose: compose('1') })
  try {
    await succeed(box, PERFORM)
    box.write('compose.yaml', compose('2'))
    await succeed(box, PERFORM)
    const running = box.beginUpgrade(['cleanup'])
    const name = `${box.app}-blue-deaf-1`
    await until(async () => (await box.docker(['logs', name])).includes('asked'), { timeoutMs: 30_000 })
    const web = () => containerOf(box, `${box.app}-blue`, 'web')
    await until(async () => (await web()).state === 'exited')
    running.kill('SIGINT')
    await until(() => running.output().includes('Interrupted'), { timeoutMs: 2_000, everyMs: 5 })
    expect(running.output()).toMatch(
      new RegExp(`Interrupted while ${name} stops: waiting for that, (20|1\\d) s at most`),
    )
    running.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    expect((await box.get('/')).body).toBe('hello from 2\n')
  } finally {
    await box.remove()
  }
})

/** Runs a command whose readers, as `| head -1` does, leave after the first line. */
function withoutReader(box: Sandbox, args: readonly string[]): Promise<Pick<Ran, 'code' | 'stderr'>> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: box.folder, env: box.env, stdio: 'pipe' })
  let stderr = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').once('data', (text: string) => {
      stderr += text
      child.stdout.destroy()
      child.stderr.destroy()
    })
  }
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve({ code: code ?? -1, stderr: `${stderr}${signal ?? ''}` }))
  })
}
