import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webBehindGate } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { reach } from '../support/kill.ts'
import { historyOf, statusOf } from '../support/observe.ts'
import type { Running } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']

describe('one upgrade of an app at a time', () => {
  let box: Sandbox
  const open = () => box.write('gate/open', '')
  const close = () => rmSync(join(box.folder, 'gate/open'))

  beforeAll(async () => {
    box = await createSandbox({
      compose: webBehindGate({ version: '1' }),
      files: { 'gate/README': 'A run waits until there is a file open here.\n' },
    })
  })
  afterAll(async () => {
    await box?.remove()
  })

  test('thirty are started at once: one runs, 29 exit with 4 and name it, one more waits for it', async () => {
    const runs = Array.from({ length: 30 }, () => box.beginUpgrade(PERFORM))
    const ended: Running[] = []
    for (const each of runs) void each.ended.then(() => ended.push(each))
    await until(() => ended.length >= 29, { timeoutMs: 150_000 })
    const winner = runs.find((each) => !ended.includes(each))
    const locked = await Promise.all(ended.map((each) => each.ended))
    expect(locked.filter(({ code }) => code !== 4).map(({ stderr }) => stderr)).toEqual([])
    for (const { stderr } of locked) expect(stderr).toContain(`process ${winner?.pid}.`)
    // The others may be through before the one has come to where it waits.
    await until(() => box.read('deployments/lock.json').includes('"jobs"'), { timeoutMs: 60_000 })
    expect(JSON.parse((await succeed(box, ['lock', '--json'])).stdout)).toMatchObject({
      holder: { pid: winner?.pid, command: 'perform', step: 'jobs' },
    })
    const waiting = box.beginUpgrade(['cleanup', '--wait', '150'])
    await until(() => waiting.output().includes('Waiting'), { timeoutMs: 60_000 })
    open()
    expect((await winner?.ended)?.code).toBe(0)
    expect((await waiting.ended).code).toBe(0)
    expect(historyOf(box)).toMatchObject([{ command: 'perform', result: 'switched' }])
  })

  test('a frozen app is left alone, and says why', async () => {
    await succeed(box, ['lock', 'acquire', '-m', 'until Monday'])
    for (const args of [PERFORM, ['rollback'], ['cleanup'], ['lock', 'acquire']])
      expect((await expectCode(4, box, args)).stderr).toContain('until Monday')
    expect((await statusOf(box)).freeze).toMatchObject({ message: 'until Monday' })
    await succeed(box, ['lock', 'release'])
    expect((await succeed(box, PERFORM)).stdout).toContain('Nothing to do')
  })

  test('a run that lost its lock stops before the next step, and the next command takes it back', async () => {
    box.write('compose.yaml', webBehindGate({ version: '2' }))
    close()
    const run = box.beginUpgrade(PERFORM)
    await reach(box, run, 'jobs')
    const record = join(box.folder, 'deployments/lock.json')
    await until(() => box.read('deployments/lock.json').includes('"jobs"'))
    writeFileSync(record, box.read('deployments/lock.json').replace('"token": "', '"token": "x'))
    open()
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(5)
    expect(stderr).toContain('lost its lock')
    expect((await statusOf(box)).deadRun).toMatchObject({ step: 'jobs', way: 'taken-back' })
    await succeed(box, PERFORM)
    expect((await box.get('/')).body).toBe('hello from 2\n')
    expect(historyOf(box).map(({ result }) => result)).toEqual(['switched', 'taken-back', 'switched'])
  })
})
