import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Failure, failureOf } from '../../src/domain/failure.ts'
import { createLock } from '../../src/infra/store/lock.ts'
import { until } from '../support/until.ts'

const DIE_AT_CALL = fileURLToPath(new URL('../support/programs/die-at-call.cjs', import.meta.url))
const SOURCE = fileURLToPath(new URL('hold-lock.ts', import.meta.url))
const failure = async (promise: Promise<unknown>): Promise<Failure | undefined> =>
  failureOf(await promise.catch((error: unknown) => error))

// Compiled once, for the tests start it seventy times: thirty that compile it themselves do not contend, they queue.
let compiled: string
let program: string
beforeAll(async () => {
  compiled = mkdtempSync(join(tmpdir(), 'vt-infra-lock-program-'))
  program = join(compiled, 'hold-lock.mjs')
  // proper-lockfile is CommonJS and asks for its modules by `require`.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" }
  await build({
    entryPoints: [SOURCE],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner,
  })
})
afterAll(() => rmSync(compiled, { recursive: true, force: true }))

let dir: string
let children: Contender[]
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vt-infra-lock-'))
  children = []
})
afterEach(async () => {
  for (const { child } of children) child.kill('SIGKILL')
  await Promise.all(children.map(({ ended }) => ended))
  rmSync(dir, { recursive: true, force: true })
})

type Contender = { child: ChildProcess; said: () => string; ended: Promise<void> }

function contend(way: 'hold' | 'fail' = 'hold', { dieAt }: { dieAt?: number } = {}): Contender {
  const argv = [...(dieAt === undefined ? [] : ['--require', DIE_AT_CALL]), program, dir, way]
  const env = { ...process.env, DIE_AT: String(dieAt) }
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'], env })
  let said = ''
  child.stdout?.on('data', (text: Buffer) => {
    said += text.toString()
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const contender = { child, said: () => said, ended }
  children.push(contender)
  return contender
}

async function winner(): Promise<Contender> {
  const contender = contend()
  await until(() => contender.said().startsWith('won'), { timeoutMs: 30_000 })
  return contender
}

const lock = () => createLock({ dir, user: 'vt' })

describe('the lock', () => {
  test('says who holds it, what they do and where they are', async () => {
    const { child } = await winner()
    const holder = { pid: child.pid, host: hostname(), user: 'vt', command: 'perform', step: 'start' }
    expect(await lock().holder()).toMatchObject(holder)
    expect(await failure(lock().hold('switch', async () => {}))).toMatchObject({ code: 'locked', holder })
  })

  test('is let go, and nothing of it stays, when the work ends, fails or is told to stop', async () => {
    const done = await winner()
    done.child.stdin?.end()
    await done.ended
    expect(readdirSync(dir)).toEqual([])
    await contend('fail').ended
    expect(readdirSync(dir)).toEqual([])
    expect(await lock().holder()).toBeUndefined()
  })

  test('of a holder that ended by a signal is free at once', async () => {
    const { child, ended } = await winner()
    child.kill('SIGTERM')
    await ended
    expect(await lock().holder()).toBeUndefined()
    await lock().hold('switch', async () => {})
  })

  test('of a killed holder is taken over at once, and the heir knows from whom', async () => {
    const { child, ended } = await winner()
    child.kill('SIGKILL')
    await ended
    expect(existsSync(join(dir, 'lock'))).toBe(true)
    const startedAt = performance.now()
    const tookOver = await lock().hold('switch', async (held) => held.tookOver)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(tookOver).toMatchObject({ pid: child.pid, step: 'start' })
    expect(readdirSync(dir)).toEqual([])
  })

  test('of a holder whose number another process has by now is taken over', async () => {
    const { child, ended } = await winner()
    const record = JSON.parse(readFileSync(join(dir, 'lock.json'), 'utf8'))
    child.kill('SIGKILL')
    await ended
    writeFileSync(join(dir, 'lock.json'), JSON.stringify({ ...record, pid: process.ppid }))
    await lock().hold('switch', async () => {})
  })

  test('is kept alive while it is held', async () => {
    await winner()
    const { mtimeMs } = statSync(join(dir, 'lock'))
    await until(() => statSync(join(dir, 'lock')).mtimeMs > mtimeMs, { timeoutMs: 15_000 })
  })

  test('can be taken after a crash in the middle of taking it', async () => {
    mkdirSync(join(dir, 'lock.guard'))
    utimesSync(join(dir, 'lock.guard'), new Date(0), new Date(0))
    await lock().hold('switch', async () => {})
    expect(readdirSync(dir)).toEqual([])
  })

  test('is free within seconds, and nothing of it stays, wherever in taking it or letting it go somebody was killed', async () => {
    let deaths = 0
    let guards = 0
    for (let dieAt = 1; ; dieAt += 1) {
      const { child, ended } = contend('hold', { dieAt })
      child.stdin?.end()
      await ended
      if (child.signalCode !== 'SIGKILL') break
      deaths += 1
      const guard = join(dir, 'lock.guard')
      const isGuarded = existsSync(guard)
      // A guard that a crash left counts as left after 5 s. That is waited for once, and all other times it is that old.
      const isWaitedFor = isGuarded && guards++ === 0
      if (isGuarded && !isWaitedFor) utimesSync(guard, new Date(0), new Date(0))
      const startedAt = performance.now()
      await lock().hold('switch', async () => {})
      const withinMs = isWaitedFor ? 7_000 : 2_000
      expect(performance.now() - startedAt, `killed before call ${dieAt}`).toBeLessThan(withinMs)
      // A half-written file may be somebody's at work: `removeTemporaries` takes it an hour later.
      const left = readdirSync(dir).filter((name) => !name.startsWith('.lock.json.tmp-'))
      expect(left, `killed before call ${dieAt}`).toEqual([])
    }
    expect(deaths).toBeGreaterThan(10)
    expect(guards).toBeGreaterThan(2)
  }, 60_000)

  test('of a suspended holder is not taken over, however long it has been silent', async () => {
    const { child } = await winner()
    child.kill('SIGSTOP')
    utimesSync(join(dir, 'lock'), new Date(0), new Date(0))
    expect(await failure(lock().hold('switch', async () => {}))).toMatchObject({ code: 'locked' })
    child.kill('SIGCONT')
  })

  test('of a holder on another machine is taken over only after a minute of silence', async () => {
    mkdirSync(join(dir, 'lock'))
    const since = new Date().toISOString()
    const other = {
      pid: 1,
      host: 'elsewhere',
      user: 'ann',
      command: 'perform',
      step: 'start',
      since,
      token: 'x',
    }
    writeFileSync(join(dir, 'lock.json'), JSON.stringify(other))
    expect(await failure(lock().hold('switch', async () => {}))).toMatchObject({
      code: 'locked',
      holder: { host: 'elsewhere' },
    })
    utimesSync(join(dir, 'lock'), new Date(0), new Date(0))
    expect(await lock().hold('switch', async (held) => held.tookOver?.host)).toBe('elsewhere')
  })

  test('that was taken away is noticed at the next step, and the other one keeps it', async () => {
    const lost = await failure(
      lock().hold('perform', async (held) => {
        writeFileSync(
          join(dir, 'lock.json'),
          readFileSync(join(dir, 'lock.json'), 'utf8').replace(/"token": "/, '$&x'),
        )
        await held.at('images')
      }),
    )
    expect(lost).toEqual({ code: 'lock-lost' })
    expect(existsSync(join(dir, 'lock.json'))).toBe(true)
  })
})

describe('thirty processes at once', () => {
  const count = async (): Promise<{ won: number; locked: number }> => {
    const contenders = Array.from({ length: 30 }, () => contend())
    await until(() => contenders.every(({ said }) => said() !== ''), { timeoutMs: 120_000 })
    const won = contenders.filter(({ said }) => said().startsWith('won')).length
    const locked = contenders.filter(({ said }) => said().startsWith('locked')).length
    return { won, locked }
  }

  test('want a free lock: one gets it', async () => {
    expect(await count()).toEqual({ won: 1, locked: 29 })
  })

  test('want the lock of a dead holder: one gets it', async () => {
    const { child, ended } = await winner()
    child.kill('SIGKILL')
    await ended
    expect(await count()).toEqual({ won: 1, locked: 29 })
  })
})
