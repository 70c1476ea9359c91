import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { countFreeNetworks } from '../../src/domain/address-pools.ts'
import { failureOf } from '../../src/domain/failure.ts'
import { findEndpoint } from '../../src/infra/docker/endpoint.ts'
import { createEngine, type Engine } from '../../src/infra/docker/engine.ts'
import { beginGlance } from '../../src/infra/docker/glance.ts'
import { startSshHost } from '../support/ssh-server.ts'
import { freePort, until } from '../support/until.ts'

const IMAGE = process.env.NODE_IMAGE ?? ''
const PROJECT = 'vt-infra-docker'
const NETWORK = `${PROJECT}_front`
const LABELS = {
  'com.docker.compose.project': PROJECT,
  'com.docker.compose.service': 'web',
  'com.docker.compose.oneoff': 'False',
  'com.docker.compose.project.working_dir': '/a,b',
  'verdigris.color': 'green',
  'verdigris.release': 'green-20260129-101530',
  note: 'a,b=c',
}
const ever = { env: process.env, signal: () => new AbortController().signal }
const engine = createEngine(ever)
const failure = async (promise: Promise<unknown>) => failureOf(await promise.catch((error: unknown) => error))

const made: string[] = []
type Wanted = { cmd?: string[]; tty?: boolean; ports?: number[]; stopSignal?: string }
async function container(options: Wanted = {}): Promise<string> {
  const { cmd = ['sleep', '1000'], tty = false, ports = [], stopSignal = 'SIGKILL' } = options
  const bindings = ports.map((port) => ['80/tcp', [{ HostIp: '127.0.0.1', HostPort: String(port) }]])
  const { id } = await engine.create({
    Image: IMAGE,
    Cmd: cmd,
    Labels: LABELS,
    Tty: tty,
    StopSignal: stopSignal,
    HostConfig: { PortBindings: Object.fromEntries(bindings) },
    ExposedPorts: { '80/tcp': {} },
  })
  made.push(id)
  return id
}
async function started(options: Parameters<typeof container>[0] = {}): Promise<string> {
  const id = await container(options)
  await engine.start(id)
  return id
}

afterEach(async () => {
  for (const id of made.splice(0)) await engine.removeContainer(id)
})

describe('both readers', () => {
  const readers: [string, () => Promise<unknown[]>][] = [
    ['the docker command', () => beginGlance({ ...ever, labels: [] }).containers([PROJECT])],
    ['the API', () => engine.containers([`com.docker.compose.project=${PROJECT}`])],
  ]
  test.each(readers)('%s tells the same of a container', async (_, read) => {
    const id = await started()
    const facts = {
      id,
      project: PROJECT,
      service: 'web',
      workingDir: '/a,b',
      color: 'green',
      release: 'green-20260129-101530',
      image: IMAGE,
      state: 'running',
      health: undefined,
      oneOff: false,
    }
    expect(await read()).toMatchObject([facts])
    await engine.stop(id)
    // Docker 26 answers a stop before its list tells of it.
    await expect.poll(read).toMatchObject([{ id, state: 'exited' }])
  })

  test('tell what runs in it', async () => {
    const id = await started()
    expect(await engine.top(id)).toEqual(['sleep 1000'])
    await engine.stop(id)
    expect(await engine.top(id)).toEqual([])
  })
})

describe('the engine', () => {
  test('tells which container publishes a port', async () => {
    const port = await freePort()
    expect(await engine.publisher(port)).toBeUndefined()
    const id = await started({ ports: [port] })
    const name = (await engine.inspect(id))?.Name.slice(1)
    expect(await engine.publisher(port)).toEqual({ container: name, project: PROJECT })
  })

  test('cannot be looked at where the docker command is missing', async () => {
    const env = { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    const without = beginGlance({ ...ever, env, labels: [] })
    expect(await failure(without.containers([]))).toEqual({
      code: 'engine-unreachable',
      reason: 'The docker command is not in PATH.',
    })
  })

  test('that does not answer is told by both readers', async () => {
    const env = { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    const nowhere = { ...ever, env }
    const glance = beginGlance({ ...nowhere, labels: [] })
    expect(await failure(glance.containers([]))).toMatchObject({ code: 'engine-unreachable' })
    for (const asked of [createEngine(nowhere).containers([]), createEngine(nowhere).version()])
      expect(await failure(asked)).toMatchObject({ code: 'engine-unreachable' })
  })
})

describe('the API finds the engine where the docker command finds it', () => {
  let config: string
  beforeAll(() => {
    config = mkdtempSync(join(tmpdir(), 'vt-infra-config-'))
    const docker = (...args: string[]) => execFileSync('docker', ['--config', config, 'context', ...args])
    docker('create', 'here', '--docker', 'host=unix:///var/run/docker.sock')
    docker('create', 'nowhere', '--docker', 'host=unix:///nowhere/docker.sock')
    docker('use', 'nowhere')
  })
  afterAll(() => {
    rmSync(config, { recursive: true, force: true })
  })
  const reach = async (env: NodeJS.ProcessEnv) => {
    const { DOCKER_HOST, DOCKER_CONTEXT, ...rest } = process.env
    const there = createEngine({ ...ever, env: { ...rest, DOCKER_CONFIG: config, ...env } })
    return (await failure(there.containers([])))?.code ?? 'reached'
  }

  test('in the current context', async () => {
    expect(await reach({})).toBe('engine-unreachable')
  })

  test('in the context that DOCKER_CONTEXT names', async () => {
    expect(await reach({ DOCKER_CONTEXT: 'here' })).toBe('reached')
  })

  test('at DOCKER_HOST, before any context', async () => {
    expect(await reach({ DOCKER_HOST: 'unix:///var/run/docker.sock' })).toBe('reached')
  })

  test.each([
    [{ DOCKER_CONTEXT: 'typo' }, 'Docker knows no context "typo"'],
    [{ DOCKER_HOST: 'unix://' }, '"unix://" is no address of an engine'],
    [{ DOCKER_HOST: 'ftp://far:21' }, '"ftp://far:21" is no address of an engine'],
    [{ DOCKER_HOST: 'far away' }, '"far away" is no address of an engine'],
  ])('%j names no engine, and none is asked in its place', async (named, reason) => {
    const { DOCKER_HOST, DOCKER_CONTEXT, ...rest } = process.env
    const env = { ...rest, DOCKER_CONFIG: config, ...named }
    const told = { code: 'engine-unreachable', reason: expect.stringContaining(reason) }
    expect(await failure(createEngine({ ...ever, env }).containers([]))).toEqual(told)
    expect(await failure(beginGlance({ ...ever, env, labels: [] }).containers([]))).toEqual(told)
  })

  test('in the context of the home folder, where DOCKER_CONFIG is set to nothing', async () => {
    const home = mkdtempSync(join(tmpdir(), 'vt-infra-home-'))
    symlinkSync(config, join(home, '.docker'))
    expect(await reach({ DOCKER_CONFIG: '', HOME: home })).toBe('engine-unreachable')
    rmSync(home, { recursive: true })
  })

  test('over TCP', async () => {
    const server = createServer((socket) => {
      const there = connect('/var/run/docker.sock')
      socket.pipe(there).pipe(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    for (const host of [`tcp://127.0.0.1:${port}`, `127.0.0.1:${port}`])
      expect(await reach({ DOCKER_HOST: host })).toBe('reached')
    server.close()
  })

  test('over SSH, and Node finds nothing to warn of', async () => {
    const warnings: string[] = []
    const hear = ({ message }: Error) => warnings.push(message)
    process.on('warning', hear)
    const { port, stop } = await startSshHost()
    expect(await reach({ DOCKER_HOST: `ssh://ada@127.0.0.1:${port}` })).toBe('reached')
    stop()
    expect(await reach({ DOCKER_HOST: `ssh://ada@127.0.0.1:${port}` })).toBe('engine-unreachable')
    process.off('warning', hear)
    expect(warnings).toEqual([])
  })

  test('over TCP at an IPv6 address, which stands in brackets', async () => {
    const found = await findEndpoint({ DOCKER_HOST: 'tcp://[::1]:2375', DOCKER_CONFIG: config })
    expect(found).toMatchObject({ host: '::1', port: '2375' })
  })
})

describe('a container', () => {
  test('runs a program and returns both streams and its exit code', async () => {
    const id = await started()
    const script = 'echo out; echo err >&2; echo "$1"; exit 3'
    expect(await engine.exec(id, ['sh', '-c', script, '-', '$(id); "'])).toEqual({
      exitCode: 3,
      stdout: 'out\n$(id); "\n',
      stderr: 'err\n',
    })
  })

  test('takes files with their folders, stopped too, and gives them back', async () => {
    const id = await container()
    const files = [
      { path: 'a/b/one.conf', text: 'é1\n' },
      { path: 'a/two.conf', text: '', mode: 0o600 },
    ]
    await engine.putFiles(id, '/tmp', files)
    expect(await engine.getFiles(id, '/tmp/a')).toEqual(
      new Map([
        ['a/b/one.conf', 'é1\n'],
        ['a/two.conf', ''],
      ]),
    )
    expect(await engine.getFiles(id, '/tmp/none')).toBeUndefined()
  })

  test('hears a signal', async () => {
    const id = await started({ cmd: ['sh', '-c', 'trap "exit 42" HUP; while :; do sleep 0.1; done'] })
    await until(async () => (await engine.top(id)).some((line) => line.includes('sleep')))
    await engine.signal(id, 'SIGHUP')
    await until(async () => (await engine.inspect(id))?.State.ExitCode === 42)
  })

  test.each([false, true])('gives its last lines, oldest first (terminal: %s)', async (tty) => {
    const id = await started({ cmd: ['sh', '-c', 'seq 1 50; echo é'], tty })
    await until(async () => (await engine.inspect(id))?.State.Running === false)
    expect(await engine.logs(id, 3)).toEqual(['49', '50', 'é'])
  })

  test('that does not exist is nothing to inspect, stop or remove', async () => {
    expect(await engine.inspect('vt-infra-none')).toBeUndefined()
    expect(await engine.logs('vt-infra-none', 5)).toEqual([])
    await engine.stop('vt-infra-none')
    await engine.removeContainer('vt-infra-none')
    expect(await failure(engine.start('vt-infra-none'))).toMatchObject({ code: 'command-failed' })
  })
})

describe('a network', () => {
  let id: string
  beforeAll(async () => {
    await networkOf(engine)
  })
  afterAll(async () => {
    await engine.removeNetwork(NETWORK)
    await engine.removeNetwork(NETWORK)
  })
  const aliases = async () => (await engine.inspect(id))?.NetworkSettings.Networks[NETWORK]?.Aliases ?? []

  test('is known by the key of the compose file', async () => {
    const { pools, subnets } = await engine.addressSpace()
    expect(subnets.length).toBeGreaterThanOrEqual(2)
    expect(countFreeNetworks({ pools, subnets: [] }, 99)).toBeGreaterThan(
      countFreeNetworks({ pools, subnets }, 99),
    )
    expect(await engine.networks(PROJECT)).toEqual([{ key: 'front', name: NETWORK }])
  })

  test('is joined under aliases, once, and again with the old and the new ones when some lack', async () => {
    id = await started()
    await engine.connect({ container: id, network: NETWORK, aliases: ['db'] })
    const joined = (await engine.inspect(id))?.NetworkSettings.Networks[NETWORK]?.EndpointID
    await engine.connect({ container: id, network: NETWORK, aliases: ['db'] })
    expect((await engine.inspect(id))?.NetworkSettings.Networks[NETWORK]?.EndpointID).toBe(joined)
    await engine.connect({ container: id, network: NETWORK, aliases: ['db2'] })
    expect(await aliases()).toEqual(expect.arrayContaining(['db', 'db2']))
  })

  test('knows its stopped containers, and leaving it twice is no error', async () => {
    id = await started()
    await engine.connect({ container: id, network: NETWORK, aliases: [] })
    await engine.stop(id)
    expect(await engine.containersOn(NETWORK)).toEqual([id])
    await engine.disconnect(id, NETWORK)
    await engine.disconnect(id, NETWORK)
    expect(await engine.containersOn(NETWORK)).toEqual([])
    await engine.disconnect(id, 'vt-infra-no-network')
  })
})

describe('an image', () => {
  test('is held by a tag, and let go without losing its own name', async () => {
    const tag = 'verdigris.local/vt-infra/web:held'
    const image = await engine.image(IMAGE)
    await engine.tag(image?.id ?? '', tag)
    expect((await engine.image(tag))?.id).toBe(image?.id)
    await engine.untag(tag)
    await engine.untag(tag)
    expect(await engine.image(tag)).toBeUndefined()
    expect((await engine.image(IMAGE))?.repoTags).toContain(IMAGE)
  })
})

test('an interruption ends a call to the engine', async () => {
  const interrupted = createEngine({ ...ever, signal: () => AbortSignal.abort() })
  expect(await failure(interrupted.inspect('any'))).toMatchObject({ code: 'interrupted' })
})

async function networkOf(on: Engine): Promise<void> {
  const { default: Docker } = await import('dockerode')
  await on.removeNetwork(NETWORK)
  await new Docker().createNetwork({
    Name: NETWORK,
    Labels: { 'com.docker.compose.project': PROJECT, 'com.docker.compose.network': 'front' },
  })
}

describe('an interruption is heard once the engine is done', () => {
  const asking = () => {
    const controller = new AbortController()
    return { controller, engine: createEngine({ ...ever, signal: () => controller.signal }) }
  }

  test('with a tag that a way back would remove', async () => {
    const { controller, engine: interruptible } = asking()
    const id = (await interruptible.image(IMAGE))?.id ?? ''
    const tagging = interruptible.tag(id, `${PROJECT}:held`)
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await tagging
    expect(await engine.image(`${PROJECT}:held`)).toMatchObject({ id })
    await engine.untag(`${PROJECT}:held`)
  })

  test('with a script in a container, which would go on during the way back', async () => {
    const { controller, engine: interruptible } = asking()
    const id = await started()
    const running = interruptible.exec(id, ['sh', '-c', 'touch /begun; sleep 1; touch /done; echo done'])
    await until(async () => (await engine.getFiles(id, '/begun')) !== undefined)
    controller.abort()
    expect(await running).toMatchObject({ exitCode: 0, stdout: 'done\n' })
  })

  test('with a stop, which would undo the start of the way back', async () => {
    const { controller, engine: interruptible } = asking()
    const id = await started({
      cmd: ['sh', '-c', 'trap "sleep 1; exit 0" TERM; while :; do sleep 0.1; done'],
      stopSignal: 'SIGTERM',
    })
    const stopping = interruptible.stop(id)
    await new Promise((resolve) => setTimeout(resolve, 300))
    controller.abort()
    await stopping
    expect((await engine.inspect(id))?.State.Running).toBe(false)
  })

  test('with files that are put', async () => {
    const { controller, engine: interruptible } = asking()
    const id = await started()
    const putting = interruptible.putFiles(id, '/tmp', [{ path: 'put', text: 'x'.repeat(1_000_000) }])
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await putting
    expect(await engine.getFiles(id, '/tmp/put')).toBeDefined()
  })
})
