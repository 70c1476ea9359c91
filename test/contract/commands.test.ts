import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import { createEngine } from '../../src/infra/docker/engine.ts'
import { createCommands } from '../../src/infra/process/commands.ts'
import { createInterruption } from '../../src/infra/process/interruption.ts'
import { must, run } from '../support/run.ts'
import { until } from '../support/until.ts'

const IMAGE = process.env.NODE_IMAGE ?? ''
// Begins a child of its own, which hears nothing of its parent's end, and does not heed a request to end.
const STUBBORN = 'trap "" TERM; (sleep 4321; :) & sleep 4322; :'

describe('a command in a container', () => {
  const engine = createEngine({ env: process.env, signal: () => new AbortController().signal })
  let container: string

  beforeAll(async () => {
    const words = ['run', '-d', '--init', '--entrypoint', 'sleep', IMAGE, '9876']
    container = (await must('docker', words)).trim()
  })
  afterAll(async () => {
    if (container) await run('docker', ['rm', '-f', container])
  })

  const start = (command: [string, ...string[]], timeoutMs: number, interruption = createInterruption()) =>
    createCommands({ env: process.env, signal: () => interruption.signal })
      .inContainer(container, command, { env: { TOLD: '$(id) "x"' }, timeoutMs, onLine: () => {} })
      .catch((error: unknown) => failureOf(error) ?? error)
  const left = async () => (await engine.top(container)).filter((each) => /sleep 432/.test(each))

  test.each([['sleep', '4320'] as const, ['sh', '-c', STUBBORN] as const])(
    'whose time is over is ended in there, with all that it began: %s',
    async (...command) => {
      expect(await start([...command], 1_000)).toMatchObject({ code: 'timed-out', inside: 'ended' })
      expect(await left()).toEqual([])
      expect(await engine.top(container)).toContainEqual(expect.stringContaining('sleep 9876'))
    },
    20_000,
  )

  test('is ended in there when the run is interrupted', async () => {
    const interruption = createInterruption()
    const running = start(['sleep', '4320'], 60_000, interruption)
    await until(async () => (await left()).length > 0)
    interruption.interrupt('SIGINT')
    expect(await running).toMatchObject({ code: 'interrupted' })
    expect(await left()).toEqual([])
  })
})
