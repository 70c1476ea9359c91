import { createHash, randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import type { Engine } from '../../src/infra/docker/engine.ts'
import { runByAgent } from '../../src/infra/nginx/agent.ts'
import { must } from '../support/run.ts'
import { until } from '../support/until.ts'
import {
  counted,
  countingEngine,
  execEvents,
  inContainer,
  signalAgent,
  startAgent,
} from './support/agent-lab.ts'

const TIMEOUT = { timeoutMs: 20_000 }
const DONE = { exitCode: 3, output: 'done' }

const made: string[] = []
async function started(wanted?: Parameters<typeof startAgent>[0]): Promise<string> {
  const id = await startAgent(wanted)
  made.push(id)
  return id
}
afterEach(async () => {
  const ids = made.splice(0)
  if (ids.length > 0) await must('docker', ['rm', '-f', ...ids])
})

/** An agent to which something happens after it said that it is ready, before it is told what to do. */
function afterReady(engine: Engine, act: () => Promise<void>): Pick<Engine, 'exec' | 'talk'> {
  return {
    exec: engine.exec,
    talk: async (...call) => {
      const talk = await engine.talk(...call)
      const say = (words: string) => {
        if (words.includes(' ready ')) talk.say(words)
        else act().then(() => talk.say(words))
      }
      return { ...talk, say }
    },
  }
}

describe('an agent that waits', () => {
  test('runs what it is told, and the engine begins no program', async () => {
    const id = await started()
    const engine = countingEngine()
    const program = counted()
    const events = await execEvents(id, async () => {
      for (let time = 0; time < 3; time++)
        expect(await runByAgent(engine, id, program.argv, TIMEOUT)).toEqual(DONE)
    })
    expect(events).toEqual([])
    expect(await execEvents(id, () => program.times(id))).toHaveLength(1)
    expect(await program.times(id)).toBe(3)
  })

  test('tells both streams whole, in any language, of much the last 2 kB', async () => {
    const id = await started()
    const say = async (script: string) =>
      await runByAgent(countingEngine(), id, ['sh', '-c', script], TIMEOUT)
    expect(await say("printf 'a\\n\\n'; echo 'ü 你' >&2")).toEqual({ exitCode: 0, output: 'a\n\nü 你' })
    expect(await say('exit 66')).toEqual({ exitCode: 66, output: '' })
    expect(await say('kill -9 $$')).toEqual({ exitCode: 137, output: '' })
    const { output } = await say('seq 5000')
    expect(output).toHaveLength(2048)
    expect(output).toMatch(/^\d+\n(?:\d{4}\n)+4999\n5000$/)
  })

  test('takes a megabyte that cannot be packed', async () => {
    const id = await started()
    const words = Array.from({ length: 10 }, () => randomBytes(50_000).toString('hex'))
    const argv = ['sh', '-c', 'printf %s "$@" | sha256sum', 'verdigris', ...words]
    const sum = createHash('sha256').update(words.join('')).digest('hex')
    const told = await runByAgent(countingEngine(), id, argv, TIMEOUT)
    expect(told).toEqual({ exitCode: 0, output: `${sum}  -` })
  })

  test('leaves one claim behind, however many programs it ran', async () => {
    const id = await started()
    for (let time = 0; time < 3; time++) await runByAgent(countingEngine(), id, ['true'], TIMEOUT)
    expect(await inContainer(id, 'ls /run | grep -c verdigris')).toBe('1\n')
  })

  test('nginx goes before it, and before what it runs, where both want a processor', async () => {
    const id = await started()
    expect(await inContainer(id, 'cut -d " " -f 19 /proc/1/stat')).toBe('0\n')
    const own = ['sh', '-c', 'cut -d " " -f 19 /proc/$$/stat']
    const told = await runByAgent(countingEngine(), id, own, TIMEOUT)
    expect(told).toEqual({ exitCode: 0, output: '10' })
  })

  test('is heard among what nginx writes meanwhile', async () => {
    const flood = 'while :; do printf "no line end"; seq 3000; sleep 0.05; done >&2'
    const id = await started({ program: ['sh', '-c', flood] })
    const engine = countingEngine()
    for (let time = 0; time < 5; time++)
      expect(await runByAgent(engine, id, counted().argv, TIMEOUT)).toEqual(DONE)
    expect(engine.execs()).toBe(0)
  })

  test('is there again after a restart', async () => {
    const id = await started()
    await signalAgent(id, 'KILL')
    await must('docker', ['restart', '-t', '1', id])
    const engine = countingEngine()
    expect(await runByAgent(engine, id, counted().argv, TIMEOUT)).toEqual(DONE)
    expect(engine.execs()).toBe(0)
  })
})

describe('whoever claims a program first runs it, once', () => {
  test.each(['KILL', 'STOP'] as const)('the engine, where the agent was sent %s before', async (signal) => {
    const id = await started()
    await signalAgent(id, signal)
    const engine = countingEngine()
    const program = counted()
    const since = performance.now()
    expect(await runByAgent(engine, id, program.argv, TIMEOUT)).toEqual(DONE)
    expect(performance.now() - since).toBeLessThan(4_000)
    expect(engine.execs()).toBe(1)
    if (signal === 'STOP') {
      await signalAgent(id, 'CONT')
      // What comes after it in the agent's input has been done: so has all before.
      expect(await runByAgent(engine, id, ['true'], TIMEOUT)).toEqual({ exitCode: 0, output: '' })
      expect(engine.execs()).toBe(1)
    }
    expect(await program.times(id)).toBe(1)
  })

  test.each(['KILL', 'STOP'] as const)(
    'the engine, where it was sent %s when it was ready',
    async (signal) => {
      const id = await started()
      const engine = countingEngine()
      const program = counted()
      const asked = afterReady(engine, () => signalAgent(id, signal))
      expect(await runByAgent(asked, id, program.argv, TIMEOUT)).toEqual(DONE)
      expect(engine.execs()).toBe(1)
      if (signal === 'STOP') {
        await signalAgent(id, 'CONT')
        await runByAgent(engine, id, ['true'], TIMEOUT)
        expect(engine.execs()).toBe(1)
      }
      expect(await program.times(id)).toBe(1)
    },
  )

  test('the agent, where it goes on within the second', async () => {
    const id = await started()
    const engine = countingEngine()
    const program = counted()
    await signalAgent(id, 'STOP')
    const running = runByAgent(engine, id, program.argv, TIMEOUT)
    await signalAgent(id, 'CONT')
    expect(await running).toEqual(DONE)
    expect(engine.execs()).toBe(0)
    expect(await program.times(id)).toBe(1)
  })

  test('the agent, where the program takes longer than anybody waits for it', async () => {
    const id = await started()
    const engine = countingEngine()
    const program = counted('sleep 2; echo done; exit 3')
    expect(await runByAgent(engine, id, program.argv, TIMEOUT)).toEqual(DONE)
    expect(engine.execs()).toBe(1)
    expect(await program.times(id)).toBe(1)
  })

  test.each([
    ['cannot be written to', 'ro'],
    ['has no space', 'nr_inodes=1'],
  ])('the engine, where /run %s', async (_, run) => {
    const id = await started({ run })
    const engine = countingEngine()
    const program = counted()
    expect(await runByAgent(engine, id, program.argv, TIMEOUT)).toEqual(DONE)
    expect(engine.execs()).toBe(1)
    expect(await program.times(id)).toBe(1)
  })
})

describe('what nobody waits for any more', () => {
  test('is not done by a container that was stopped and starts again', async () => {
    const id = await started()
    const engine = countingEngine()
    const program = counted()
    await must('docker', ['kill', id])
    const told = runByAgent(engine, id, program.argv, TIMEOUT).catch(failureOf)
    expect(await told).toMatchObject({ code: 'command-failed', output: /is not running/ })
    await must('docker', ['start', id])
    expect(await runByAgent(engine, id, ['true'], TIMEOUT)).toEqual({ exitCode: 0, output: '' })
    expect(await program.times(id)).toBe(0)
  })

  test('is not done when another line follows it, where it was left without its end', async () => {
    const id = await started()
    const engine = countingEngine()
    const program = counted()
    const killed: Pick<Engine, 'exec' | 'talk'> = {
      exec: () => Promise.reject(new Error('killed')),
      talk: async (...call) => {
        const talk = await engine.talk(...call)
        const say = (words: string) => talk.say(words.includes(' ready ') ? words : words.slice(0, -1))
        return { ...talk, say }
      },
    }
    await expect(runByAgent(killed, id, program.argv, TIMEOUT)).rejects.toThrow('killed')
    expect(await runByAgent(engine, id, ['true'], TIMEOUT)).toEqual({ exitCode: 0, output: '' })
    expect(await program.times(id)).toBe(0)
  })

  test('is told as such, where the agent was killed at work', async () => {
    const id = await started()
    const program = counted('sleep 60')
    const told = runByAgent(countingEngine(), id, program.argv, { timeoutMs: 3_000 }).catch(failureOf)
    await until(async () => (await program.times(id)) === 1)
    await signalAgent(id, 'KILL')
    expect(await told).toMatchObject({ code: 'timed-out' })
    expect(await program.times(id)).toBe(1)
  })
})
