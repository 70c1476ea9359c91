import { execFileSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import type { HttpCheck } from '../../src/domain/settings.ts'
import { createHttp } from '../../src/infra/http/http.ts'
import { createMachine } from '../../src/infra/machine/machine.ts'
import { createInterruption } from '../../src/infra/process/interruption.ts'
import { runOrThrow } from '../../src/infra/process/run.ts'
import { freePort } from '../support/until.ts'

const failure = async (promise: Promise<unknown>) => failureOf(await promise.catch((error: unknown) => error))

describe('the machine', () => {
  const interruption = createInterruption()
  const machine = createMachine(interruption)
  let dir: string
  let servers: TcpServer[]
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'vt-infra-machine-'))
    servers = []
  })
  afterEach(() => {
    for (const server of servers) server.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const listenOn = async (port: number, host: string) => {
    const server = createTcpServer()
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(port, host, resolve))
  }

  test.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('names who listens on a port of %s', async (host) => {
    const port = await freePort()
    expect(await machine.portHolder(port)).toBeUndefined()
    await listenOn(port, host)
    expect((await machine.portHolder(port))?.holder).toMatch(new RegExp(`\\(pid ${process.pid}\\)$`))
  })

  test('knows no commit outside a repository and in an empty one', async () => {
    expect(await machine.git(dir)).toBeUndefined()
    await runOrThrow(['git', 'init', '-q', dir], { timeoutMs: 5_000 })
    expect(await machine.git(dir)).toBeUndefined()
  })

  test('knows the commit, the branch and whether tracked files differ', async () => {
    const git = async (...args: string[]) =>
      await runOrThrow(['git', '-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        timeoutMs: 5_000,
      })
    await git('init', '-q', '-b', 'trunk')
    writeFileSync(join(dir, 'file'), '1')
    await git('add', '.')
    await git('commit', '-qm', 'one')
    const commit = (await git('rev-parse', 'HEAD')).stdout.trim()
    writeFileSync(join(dir, 'untracked'), '1')
    expect(await machine.git(dir)).toEqual({ commit, branch: 'trunk', dirty: false })
    writeFileSync(join(dir, 'file'), '2')
    expect(await machine.git(dir)).toEqual({ commit, branch: 'trunk', dirty: true })
  })

  test('reads a text, and none where there is no file', async () => {
    writeFileSync(join(dir, 'file'), 'text')
    expect(await machine.readText(join(dir, 'file'))).toBe('text')
    expect(await machine.readText(join(dir, 'none'))).toBeUndefined()
    expect(await machine.readText(join(dir, 'file', 'below'))).toBeUndefined()
  })

  test('waits for no pipe and no device, and a link that leads nowhere is no missing file', async () => {
    const path = (name: string) => join(dir, name)
    execFileSync('mkfifo', [path('pipe')])
    symlinkSync(path('nowhere'), path('link'))
    symlinkSync(path('circle'), path('circle'))
    symlinkSync('/dev/zero', path('device'))
    for (const [odd, reason] of [
      [dir, 'It is a folder, not a file.'],
      [path('pipe'), 'It is a named pipe, not a file.'],
      [path('link'), 'It is a symbolic link that leads nowhere.'],
      [path('circle'), 'Its symbolic links lead in a circle.'],
      [path('device'), 'It is a device, not a file.'],
    ] as const)
      expect(await failure(machine.readText(odd))).toEqual({ code: 'file-unusable', path: odd, reason })
  })

  test('passes over a folder .env as Compose does: Python keeps its environments there', async () => {
    mkdirSync(join(dir, '.env'))
    expect(await machine.readText(join(dir, '.env'))).toBeUndefined()
  })

  test('sleeps until the run is interrupted, and again once that was heeded', async () => {
    const sleeping = failure(machine.sleep(60_000))
    interruption.interrupt('SIGINT')
    expect(await sleeping).toEqual({ code: 'interrupted', signal: 'SIGINT' })
    expect(() => machine.throwIfInterrupted()).toThrow('interrupted')
    machine.heedInterruption()
    machine.throwIfInterrupted()
    await machine.sleep(1)
  })

  test('hashes briefly and always alike', () => {
    expect(machine.hash('a')).toBe('ca978112ca1b')
  })
})

describe('a question over HTTP', () => {
  const CHECK: HttpCheck = {
    path: '/',
    statuses: undefined,
    body: undefined,
    headers: {},
    requestTimeoutMs: 10_000,
  }
  const http = createHttp({ signal: () => new AbortController().signal })
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
    server = undefined
  })
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener)
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  test('is asked once, on a connection of its own, and a redirect is an answer', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers.connection)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await http.ask(url, CHECK)).toMatchObject({ kind: 'answered', status: 302, ok: true })
    expect(seen).toEqual(['close'])
  })

  test('is not asked again after a 503', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked += 1
      response.writeHead(503).end()
    })
    const answer = { kind: 'answered', status: 503, ok: false, why: 'answered 503' }
    expect(await http.ask(url, CHECK)).toMatchObject(answer)
    expect(asked).toBe(1)
  })

  test('passes by the statuses and the body that were asked for', async () => {
    const url = await serve((request, response) => response.end(`host ${request.headers.host}`))
    const check: HttpCheck = {
      ...CHECK,
      statuses: [[200, 299]],
      body: '^host shop$',
      headers: { host: 'shop' },
    }
    expect(await http.ask(url, check)).toMatchObject({ ok: true, why: undefined })
    const why = 'answered 200, but the body does not match nope'
    expect(await http.ask(url, { ...check, body: 'nope' })).toMatchObject({ ok: false, why })
    expect(await http.ask(url, { ...check, statuses: [[201, 204]] })).toMatchObject({ ok: false })
  })

  test('is refused where nobody listens or the connection breaks', async () => {
    expect(await http.ask(`http://127.0.0.1:${await freePort()}/`, CHECK)).toMatchObject({ kind: 'refused' })
    const url = await serve((request) => request.socket.destroy())
    expect(await http.ask(url, CHECK)).toMatchObject({ kind: 'refused' })
  })

  test('is unreachable where no answer comes in time, or no end of it', async () => {
    const silent = await serve(() => {})
    const unreachable = { kind: 'unreachable', why: 'no answer in 500 ms' }
    expect(await http.ask(silent, { ...CHECK, requestTimeoutMs: 500 })).toEqual(unreachable)
  })

  test('that was answered hears of no interruption any more', async () => {
    const asking = new AbortController()
    const url = await serve((_, response) => response.end('up'))
    await createHttp({ signal: () => asking.signal }).ask(url, CHECK)
    asking.abort()
    // What nobody waits for any more would end this process, as it would end a run that takes back.
    await new Promise((resolve) => setImmediate(resolve))
    expect(getEventListeners(asking.signal, 'abort')).toEqual([])
  })

  test('reads no more of an endless answer than it needs', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more)
      }
      more()
    })
    expect(await http.ask(url, CHECK)).toMatchObject({ kind: 'answered', status: 200 })
  })

  test('is dropped when the run is interrupted', async () => {
    const interruption = createInterruption()
    const url = await serve(() => interruption.interrupt('SIGINT'))
    const asking = createHttp({ signal: () => interruption.signal }).ask(url, {
      ...CHECK,
      requestTimeoutMs: 60_000,
    })
    expect(await failure(asking)).toEqual({ code: 'interrupted', signal: 'SIGINT' })
  })
})
