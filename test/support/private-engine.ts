import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createRoom } from './room.ts'
import { must, run } from './run.ts'
import { until } from './until.ts'

/** A Docker engine of a test's own, which it may stop, kill and boot again; the machine's own never notices. */
export interface PrivateEngine {
  /** What reaches it: DOCKER_HOST. */
  env: Record<string, string>
  /** Put before a program's words, so that it runs where the engine publishes its ports. */
  inside: string[]
  /** Makes 127.0.0.1:port of this machine lead to the same port beside the engine. */
  publish: (port: number) => Promise<void>
  /** Starts the engine and waits until it answers. */
  start: () => Promise<void>
  /** Ends it as `systemctl stop docker` does: containers first, each within its grace time. */
  stop: () => Promise<void>
  /** `kill -9`; its containers run on. */
  kill: () => Promise<void>
  /** The power fails: every process of it is gone at one instant, and what a machine forgets when it boots. */
  powerOff: () => Promise<void>
  /** For so long it answers nothing, as an engine under load; its containers run on. */
  pause: (ms: number) => Promise<void>
  /** How many files and connections it has open. */
  descriptors: () => Promise<number>
  remove: () => Promise<void>
}

const RELAY = fileURLToPath(new URL('programs/relay.mjs', import.meta.url))

/**
 * Starts an engine in network, mount and process namespaces of its own: two engines in one network namespace wipe
 * out each other's firewall rules. Needs root. `images` are copied from the machine's engine. `mirror` is a registry
 * beside the engine that it asks for what Docker Hub has.
 */
export async function createPrivateEngine(
  images: readonly string[],
  { mirror }: { mirror?: string } = {},
): Promise<PrivateEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'vt-engine-'))
  const path = (name: string) => join(folder, name)
  const host = `unix://${path('docker.sock')}`
  const env = { DOCKER_HOST: host }
  const flags = [
    ...['--data-root', path('data'), '--exec-root', path('exec'), '--pidfile', path('docker.pid')],
    ...['--host', host, '--config-file', path('daemon.json')],
    ...(mirror === undefined ? [] : ['--registry-mirror', mirror]),
  ]
  const relays = new Map<number, ChildProcess>()
  let room = await createRoom()
  let daemon: ChildProcess | undefined

  const publish = async (port: number) => {
    const [program = '', ...argv] = room.enter('net')
    const relay = fork(RELAY, [String(port)], { execPath: program, execArgv: [...argv, process.execPath] })
    relays.set(port, relay)
    await once(relay, 'message')
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    relay.send('server', server)
    await once(relay, 'message')
    server.close()
  }
  const start = async () => {
    const log = openSync(path('log'), 'a')
    const [program = '', ...argv] = room.enter('net', 'mnt', 'pid')
    const starting = spawn(program, [...argv, 'dockerd', ...flags], { stdio: ['ignore', log, log] })
    daemon = starting
    const answers = async () =>
      (await run('docker', ['version'], { env: { ...process.env, ...env } })).code === 0
    await until(async () => starting.exitCode !== null || (await answers()), { timeoutMs: 60_000 })
    if (starting.exitCode !== null) throw new Error(readFileSync(path('log'), 'utf8').slice(-3_000))
  }
  const pid = () => readFileSync(path('docker.pid'), 'utf8').trim()
  const inEngine = (...words: string[]) => {
    const [program = '', ...argv] = room.enter('mnt', 'pid')
    return must(program, [...argv, ...words])
  }
  const end = async (signal: 'TERM' | 'KILL') => {
    if (daemon === undefined) return
    const ended = once(daemon, 'exit')
    await inEngine('kill', `-${signal}`, pid())
    await ended
    daemon = undefined
  }
  const pause = async (ms: number) => {
    await inEngine('kill', '-STOP', pid())
    await sleep(ms)
    await inEngine('kill', '-CONT', pid())
    // nsenter stops with the program that it runs, and is not woken with it.
    daemon?.kill('SIGCONT')
  }
  const destroy = async () => {
    for (const relay of relays.values()) relay.kill('SIGKILL')
    relays.clear()
    await room.destroy()
    daemon = undefined
  }
  const powerOff = async () => {
    const ports = [...relays.keys()]
    await destroy()
    // /run is empty after a boot.
    for (const name of ['exec', 'docker.pid', 'docker.sock'])
      rmSync(path(name), { recursive: true, force: true })
    room = await createRoom()
    await Promise.all(ports.map(publish))
  }
  const remove = async () => {
    const docker = (words: string) => must('sh', ['-c', `docker -H ${host} ${words}`])
    // Containers that are removed take their control groups with them, which outlive any process.
    if (daemon !== undefined) {
      await docker(`ps -aq | xargs -r docker -H ${host} rm -f`)
      await end('TERM')
    }
    await destroy()
    rmSync(folder, { recursive: true, force: true })
  }
  writeFileSync(path('daemon.json'), ownImageStore())
  await start()
  if (images.length > 0) await must('sh', ['-c', `docker save ${images.join(' ')} | docker -H ${host} load`])
  return {
    env,
    get inside() {
      return room.enter('net')
    },
    publish,
    start,
    stop: () => end('TERM'),
    kill: () => end('KILL'),
    powerOff,
    pause,
    descriptors: async () => (await inEngine('ls', `/proc/${pid()}/fd`)).trim().split('\n').length,
    remove,
  }
}

/** Where the machine's own engine keeps its images, classic or in containerd, others do, too: nothing else is taken over. */
function ownImageStore(): string {
  const configured = existsSync(CONFIGURED) ? JSON.parse(readFileSync(CONFIGURED, 'utf8')) : {}
  return JSON.stringify({ features: configured.features ?? {} })
}

const CONFIGURED = '/etc/docker/daemon.json'
