import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { proxyProject } from '../../src/domain/color.ts'
import { failureOf } from '../../src/domain/failure.ts'
import { createEngineDriver } from '../../src/infra/nginx/engine-driver.ts'
import { must } from '../support/run.ts'
import { startSshHost } from '../support/ssh-server.ts'
import { until } from '../support/until.ts'
import { countingEngine, execEvents } from './support/agent-lab.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

const SOCKET = '/var/run/docker.sock'

let lab: NginxLab
let container: string
let generation = 1
beforeAll(async () => {
  lab = await createNginxLab()
  await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
  container = (await lab.driver.find(proxyProject(lab.app)))?.id ?? ''
})
afterAll(async () => await lab?.remove())

/** One more switch, as a run of its own does it that reaches the engine so; how many programs the engine began. */
async function switched(env?: NodeJS.ProcessEnv): Promise<{ execs: number; tookMs: number }> {
  const engine = countingEngine(env)
  const proxy = lab.anotherProxy({ driver: createEngineDriver(engine, lab.driver) })
  generation += 1
  const color = generation % 2 === 0 ? 'green' : 'blue'
  const site = await lab.site(generation, color)
  const since = performance.now()
  await proxy.install(site)
  const tookMs = performance.now() - since
  await proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  expect(await (await fetch(`http://127.0.0.1:${lab.port}/`)).text()).toBe(
    `hello from ${color === 'blue' ? 1 : 2}\n`,
  )
  return { execs: engine.execs(), tookMs }
}

describe('a proxy with an agent', () => {
  test('switches without a program that the engine begins', async () => {
    const events = await execEvents(container, async () => {
      for (let time = 0; time < 3; time++) expect(await switched()).toMatchObject({ execs: 0 })
    })
    expect(events).toEqual([])
    expect(await must('docker', ['exec', container, 'sh', '-c', 'ls /run | grep -c verdigris'])).toBe('1\n')
  })

  test('tells the words of nginx that refuses', async () => {
    const template = join(lab.folder, 'site.conf.ejs')
    writeFileSync(template, 'no_such_thing on;\n')
    const engine = countingEngine()
    const proxy = lab.anotherProxy({ driver: createEngineDriver(engine, lab.driver) })
    const site = await lab.site(generation + 1, 'blue')
    const failure = failureOf(await proxy.install(site).catch((error: unknown) => error))
    rmSync(template)
    expect(failure).toMatchObject({ code: 'nginx-refused', template: 'site.conf.ejs' })
    const { output } = failure as { output: string }
    expect(output).toMatch(/unknown directive "no_such_thing" in \/etc\/verdigris\/\S+\/site\.conf:1\n/)
    expect(output).toMatch(/nginx: configuration file \S+ test failed$/)
    expect(engine.execs()).toBe(0)
    expect(await lab.proxy.current()).toMatchObject({ generation })
  })

  test('says nothing that would be taken for words of nginx', async () => {
    await switched()
    const asked = { since: undefined, lines: 20 }
    const spoken = (line: string) => line.startsWith('verdigris')
    expect((await lab.driver.errorLines(container, asked)).some(spoken)).toBe(true)
    const driver = createEngineDriver(countingEngine(), lab.driver)
    expect((await driver.errorLines(container, asked)).some(spoken)).toBe(false)
  })

  test('is asked over SSH as well', async () => {
    const { port, stop } = await startSshHost()
    expect(await switched({ DOCKER_HOST: `ssh://ada@127.0.0.1:${port}` })).toMatchObject({ execs: 0 })
    stop()
  })

  test.each([
    ['refused', 950],
    ['cut off', 950],
    ['never answered', 2_500],
    ['answered too late', 2_500],
  ] as const)(
    'switches by a program that the engine begins, where to attach is %s',
    async (how, withinMs) => {
      const relay = await startRelay(how)
      const { execs, tookMs } = await switched({ DOCKER_HOST: `unix://${relay.socket}` })
      relay.stop()
      expect(execs).toBe(1)
      expect(tookMs).toBeLessThan(withinMs)
    },
  )

  test('ends as nginx alone does', async () => {
    const since = performance.now()
    await must('docker', ['stop', container])
    expect(performance.now() - since).toBeLessThan(3_000)
    const inspected = await must('docker', ['inspect', '-f', '{{.State.ExitCode}}', container])
    expect(inspected).toBe('0\n')
    await must('docker', ['start', container])
    await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
    expect(await switched()).toMatchObject({ execs: 0 })
  })
})

test('a proxy that was made before there were agents is changed by programs that the engine begins', async () => {
  const file = join(lab.folder, 'deployments/proxy/docker-compose.yml')
  const before = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !/stdin_open|verdigris\.proxy\.agent/.test(line))
  writeFileSync(file, before.join('\n'))
  await must('docker', ['compose', '-p', proxyProject(lab.app), '-f', file, 'up', '-d'])
  await lab.proxy.join([lab.network])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
  // nginx asks for the names of the colors first.
  expect(await switched()).toMatchObject({ execs: 1 })
  const { execs, tookMs } = await switched()
  expect(execs).toBe(1)
  expect(tookMs).toBeLessThan(950)
})

/** A way to the engine on which nobody can attach. */
async function startRelay(how: 'refused' | 'cut off' | 'never answered' | 'answered too late') {
  const socket = join(lab.folder, `${how.replaceAll(' ', '-')}.sock`)
  let hear: (words: string) => void
  /** What was said on the way that was opened too late, once it is closed. */
  const heard = new Promise<string>((resolve) => {
    hear = resolve
  })
  const openLate = async (way: Socket) => {
    await sleep(1_500)
    way.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n')
    way.removeAllListeners('data')
    let words = ''
    way.on('data', (piece) => {
      words += piece
    })
    way.on('close', () => hear(words))
  }
  const server = createServer((asked, answer) => {
    const { headers, method, url } = asked
    if (url?.includes('/attach')) {
      if (how === 'refused') answer.writeHead(403).end('{"message":"not here"}')
      if (how === 'cut off') asked.socket.destroy()
      if (how === 'answered too late') openLate(asked.socket)
      return
    }
    const there = request({ socketPath: SOCKET, headers, method, path: url }, (told) => {
      answer.writeHead(told.statusCode ?? 500, told.headers)
      told.pipe(answer)
    })
    asked.pipe(there)
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { socket, heard, stop }
}
