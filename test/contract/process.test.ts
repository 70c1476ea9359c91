import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import { createInterruption } from '../../src/infra/process/interruption.ts'
import { run, runOrThrow } from '../../src/infra/process/run.ts'
import { createTail } from '../../src/infra/process/tail.ts'
import { until } from '../support/until.ts'

const failure = async (promise: Promise<unknown>) => failureOf(await promise.catch((error: unknown) => error))

describe('a program', () => {
  test('returns its exit code and both streams', async () => {
    const result = await run(['sh', '-c', 'echo out; echo err >&2; exit 3'], { timeoutMs: 5_000 })
    expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  test('gets its arguments as they are: no shell reads them', async () => {
    const result = await run(['printf', '%s', '$(id) `id` ; "\n'], { timeoutMs: 5_000 })
    expect(result.stdout).toBe('$(id) `id` ; "\n')
  })

  test('tells its lines as they come, the last one without a newline too', async () => {
    const lines: string[] = []
    const script = "printf 'one\\ntwo\\r\\nhal'; printf 'f'"
    await run(['sh', '-c', script], { timeoutMs: 5_000, onLine: (line) => void lines.push(line) })
    expect(lines).toEqual(['one', 'two', 'half'])
  })

  test('that writes without end is kept at its end only', async () => {
    const result = await run(['sh', '-c', 'seq 1 200000; echo last'], { timeoutMs: 20_000, keepBytes: 1_000 })
    expect(result.stdout.length).toBe(1_000)
    expect(result.stdout.endsWith('\nlast\n')).toBe(true)
  })

  test('that does not exist is a failed command without an exit code', async () => {
    expect(await failure(run(['vt-no-such-program'], { timeoutMs: 5_000 }))).toMatchObject({
      code: 'command-failed',
      exitCode: undefined,
    })
  })

  test('that cannot be started because too many files are open is a failed command, too', async () => {
    const limit = (soft: number | string) =>
      execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${soft}:`])
    const [, before = ''] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    limit(readdirSync('/proc/self/fd').length + 20)
    const opened: number[] = []
    try {
      for (;;) opened.push(openSync('/dev/null', 'r'))
    } catch {
      const running = failure(run(['true'], { timeoutMs: 5_000 }))
      expect(await running).toMatchObject({ code: 'command-failed', output: 'spawn true EMFILE' })
    } finally {
      opened.forEach(closeSync)
      limit(before)
    }
  })

  test('that fails is a failed command where success was asked for', async () => {
    expect(
      await failure(runOrThrow(['sh', '-c', 'echo why >&2; exit 7'], { timeoutMs: 5_000 })),
    ).toMatchObject({
      code: 'command-failed',
      exitCode: 7,
      output: 'why\n',
    })
  })

  test('that takes too long is ended with all its children', async () => {
    const running = run(['sh', '-c', 'sleep 98765 & wait'], { timeoutMs: 200 })
    expect(await failure(running)).toMatchObject({ code: 'timed-out', afterMs: 200 })
    await until(async () => (await run(['pgrep', '-f', 'sleep 98765'], { timeoutMs: 5_000 })).exitCode === 1)
  })

  test('leads a process group of its own, so that a Ctrl-C on the terminal passes it by', async () => {
    const { stdout } = await run(['sh', '-c', 'echo $$; ps -o pgid= -p $$'], { timeoutMs: 5_000 })
    const [pid, group] = stdout.trim().split(/\s+/)
    expect(group).toBe(pid)
  })
})

describe('an interruption', () => {
  test('ends a running program and names the signal', async () => {
    const interruption = createInterruption()
    const running = run(['sleep', '98766'], { timeoutMs: 60_000, signal: interruption.signal })
    interruption.interrupt('SIGINT')
    expect(await failure(running)).toEqual({ code: 'interrupted', signal: 'SIGINT' })
  })

  test('stops everything until it is heeded, and the way back runs after that', async () => {
    const interruption = createInterruption()
    interruption.interrupt('SIGTERM')
    expect(await failure(run(['true'], { timeoutMs: 5_000, signal: interruption.signal }))).toEqual({
      code: 'interrupted',
      signal: 'SIGTERM',
    })
    interruption.heed()
    expect((await run(['true'], { timeoutMs: 5_000, signal: interruption.signal })).exitCode).toBe(0)
  })
})

describe('the tail of an output', () => {
  test('is all of it while it is short', () => {
    const tail = createTail(100)
    for (const line of ['one', 'two']) tail.add(line)
    expect(tail.text()).toBe('one\ntwo')
  })

  test('is its end, and says so, once it is long', () => {
    const tail = createTail(100)
    for (let line = 0; line < 10_000; line++) tail.add(`line ${line}`)
    expect(tail.text()).toMatch(/^…\n[\s\S]*line 9998\nline 9999$/)
    expect(tail.text().length).toBeLessThan(110)
  })
})
