import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Platform, ProjectFile } from '../../src/app/ports/platform.ts'
import { failureOf } from '../../src/domain/failure.ts'
import type { Stopping } from '../../src/domain/stopping.ts'
import { createCompose } from '../../src/infra/compose/compose-cli.ts'
import { recogniseFailure } from '../../src/infra/compose/compose-failure.ts'
import { createPlatform } from '../../src/infra/compose/platform.ts'
import { createEngine } from '../../src/infra/docker/engine.ts'
import { freePort, until } from '../support/until.ts'

const IMAGE = process.env.NODE_IMAGE ?? ''
const APP = 'vt-infra-app'
const GREEN = `${APP}-green`
const failure = async (promise: Promise<unknown>) => failureOf(await promise.catch((error: unknown) => error))
const silent = () => {}

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vt-infra-compose-'))
})
afterEach(async () => {
  const cleaner = platform()
  for (const project of [GREEN, APP]) await cleaner.remove(project)
  const volumes = execFileSync('docker', ['volume', 'ls', '-q', '--filter', `name=${APP}`], {
    encoding: 'utf8',
  })
  for (const name of volumes.split('\n').filter(Boolean)) await engine().removeVolume(name)
  rmSync(dir, { recursive: true, force: true })
})

type Made = {
  env?: NodeJS.ProcessEnv
  composeFiles?: string[]
  projectDir?: string
  signal?: AbortSignal
  tellStopping?: (stopping: Stopping) => void
}
const engine = () => createEngine({ env: process.env, signal: () => new AbortController().signal })
function platform(made: Made = {}): Platform {
  const { composeFiles = [], env = process.env, projectDir = dir, signal, tellStopping = () => {} } = made
  const shared = { env, signal: () => signal ?? new AbortController().signal }
  const compose = createCompose({ app: APP, projectDir, composeFiles, ...shared })
  return createPlatform({
    app: APP,
    compose,
    engine: createEngine(shared),
    signal: shared.signal,
    tellStopping,
  })
}

const service = (lines: string) => `image: ${IMAGE}\n    stop_signal: SIGKILL\n    ${lines}`
function write(text: string, file = 'compose.yaml'): string {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, file), text)
  return join(dir, file)
}
function project(text: string): ProjectFile {
  mkdirSync(join(dir, 'green'), { recursive: true })
  return { project: GREEN, file: write(text, 'green/docker-compose.yml') }
}

describe('the check', () => {
  test('tells the versions', async () => {
    const versions = await platform().check()
    expect(versions.engine).toMatch(/^\d+\./)
    expect(versions.compose).toMatch(/^\d+\.\d+/)
    expect(versions.apiVersion).toMatch(/^\d+\.\d+$/)
  })

  const fakes: [what: string, script: string, expected: object][] = [
    [
      'an engine without Compose',
      `echo "docker: 'compose' is not a docker command." >&2; exit 1`,
      { code: 'compose-missing' },
    ],
    [
      'a docker that stumbles over the flag',
      'echo "unknown flag: --short" >&2; exit 125',
      { code: 'compose-missing' },
    ],
    ['Compose 2.19', 'echo 2.19.1', { code: 'compose-too-old', found: '2.19.1', needed: '2.20' }],
    ['Compose 1.29', 'echo 1.29.2', { code: 'compose-too-old', found: '1.29.2', needed: '2.20' }],
  ]
  test.each(fakes)('refuses %s', async (_, script, expected) => {
    const path = join(dir, 'docker')
    writeFileSync(path, `#!/bin/sh\nif [ "$1" = version ]; then echo "28.0.0 1.48"; exit 0; fi\n${script}\n`)
    chmodSync(path, 0o755)
    const env = { ...process.env, PATH: `${dir}:${process.env.PATH}` }
    expect(await failure(platform({ env }).check())).toEqual(expected)
  })

  test.each(['v2.20.0', '2.40.3-desktop.1', '5.0.1'])('takes Compose %s', async (version) => {
    const path = join(dir, 'docker')
    writeFileSync(
      path,
      `#!/bin/sh\nif [ "$1" = version ]; then echo "28.0.0 1.48"; else echo ${version}; fi\n`,
    )
    chmodSync(path, 0o755)
    const env = { ...process.env, PATH: `${dir}:${process.env.PATH}` }
    expect((await platform({ env }).check()).compose).toBe(version.replace('v', ''))
  })
})

describe('the model', () => {
  test('is what Compose makes of the files, under the name of the app', async () => {
    write(`services:\n  web:\n    image: \${WEB:-x}:1\n    env_file: web.env\n`)
    write('A=1\n', 'web.env')
    write('WEB=shop\n', '.env')
    const model = await platform().model()
    expect(model.name).toBe(APP)
    expect(model.services.web).toMatchObject({ image: 'shop:1', environment: { A: '1' } })
  })

  test('leaves profiles to Compose', async () => {
    write('services:\n  web: { image: x }\n  debug: { image: x, profiles: [debug] }\n')
    expect(Object.keys((await platform().model()).services)).toEqual(['web'])
    const env = { ...process.env, COMPOSE_PROFILES: 'debug' }
    expect(Object.keys((await platform({ env }).model()).services).sort()).toEqual(['debug', 'web'])
  })

  test('merges the files that were named', async () => {
    const composeFiles = [
      write('services:\n  web: { image: x }\n', 'a.yml'),
      write('services:\n  web: { image: y }\n', 'b.yml'),
    ]
    expect((await platform({ composeFiles }).model()).services.web?.image).toBe('y')
  })

  test('of a folder without a compose file, a file that is not there or a folder that is not there is missing', async () => {
    expect(await failure(platform().model())).toEqual({ code: 'compose-file-missing', directory: dir })
    const composeFiles = [join(dir, 'none.yml')]
    expect(await failure(platform({ composeFiles }).model())).toMatchObject({ code: 'compose-file-missing' })
    const projectDir = join(dir, 'none')
    expect(await failure(platform({ projectDir }).model())).toMatchObject({ code: 'compose-file-missing' })
  })

  test.each([
    ['a file that is no YAML', 'services: [', /yaml/],
    ['an unknown key', 'services:\n  web: { image: x, imagge: y }\n', /imagge/],
    ['an env file that is not there', 'services:\n  web: { image: x, env_file: none.env }\n', /none\.env/],
    ['a variable that must be set', `services:\n  web: { image: "\${VT_NONE:?set it}" }\n`, /set it/],
  ])('of %s is refused in the words of Compose', async (_, text, words) => {
    write(text)
    expect(await failure(platform().model())).toMatchObject({ code: 'compose-file-invalid', output: words })
  })
})

describe('images', () => {
  test('that cannot be pulled are missing, by service and name', async () => {
    write('services:\n  web: { image: "127.0.0.1:1/vt/none:9" }\n')
    expect(await failure(platform().pull(['web'], silent))).toMatchObject({
      code: 'image-missing',
      service: 'web',
      image: '127.0.0.1:1/vt/none:9',
    })
  })

  test('are built, with the words of the build as they come', async () => {
    write(`services:\n  web:\n    image: verdigris.local/vt-infra-built:1\n    build: .\n`)
    write(`FROM ${IMAGE}\nRUN echo built > /built\n`, 'Dockerfile')
    const said: string[] = []
    await platform().build(['web'], (line) => said.push(line))
    expect(said.length).toBeGreaterThan(0)
    expect(await platform().image('verdigris.local/vt-infra-built:1')).toBeDefined()
    await platform().release(['verdigris.local/vt-infra-built:1'])
  })

  test('that cannot be built say why', async () => {
    write('services:\n  web: { image: "vt-infra-none:1", build: . }\n')
    write(`FROM ${IMAGE}\nRUN echo the reason >&2; exit 3\n`, 'Dockerfile')
    expect(await failure(platform().build(['web'], silent))).toMatchObject({
      code: 'build-failed',
      services: ['web'],
      output: /the reason/,
    })
  })
})

describe('shared services', () => {
  const files = (command: string) => `services:
  web:
    ${service('command: sleep 1000')}
    depends_on: { db: { condition: service_started } }
  cache:
    ${service('command: sleep 1000')}
    depends_on: { db: { condition: service_healthy }, web: { condition: service_started } }
  db:
    ${service(`command: ${command}`)}
    healthcheck: { test: [CMD, test, -e, /tmp/up], interval: 200ms, retries: 50 }
`
  const DB = 'sh -c "sleep 0.5; touch /tmp/up; exec sleep 1000"'

  test('start alone, in the order of their dependencies, as the user would start them', async () => {
    write(files(DB))
    await platform().startShared(['db', 'cache'])
    const running = await platform().containers([APP])
    expect(running.map(({ service }) => service).sort()).toEqual(['cache', 'db'])
    expect(running.find(({ service }) => service === 'db')?.health).toBe('healthy')
    const before = running.map(({ id }) => id).sort()
    execFileSync('docker', ['compose', '-p', APP, 'up', '-d', '--no-deps', 'db', 'cache'], {
      cwd: dir,
      stdio: 'pipe',
    })
    expect((await platform().containers([APP])).map(({ id }) => id).sort()).toEqual(before)
  })

  test('that run are not recreated, changed or not, and stopped ones are started', async () => {
    write(files(DB))
    await platform().startShared(['db'])
    const [before] = await platform().containers([APP])
    write(files('sleep 2000'))
    await platform().startShared(['db'])
    await platform().stop(APP)
    await platform().startShared(['db'])
    expect(await platform().containers([APP])).toMatchObject([{ id: before?.id, state: 'running' }])
  })
})

describe('containers that run always', () => {
  const files = (restart: string) => `services:
  web:
    ${service(`command: sleep 1000\n    restart: ${restart}`)}
  worker:
    ${service('command: sleep 1000\n    deploy: { restart_policy: { condition: any } }')}
  cron:
    ${service('command: sleep 1000\n    restart: unless-stopped')}
`
  const policiesIn = async (project: string) => {
    const containers = await platform().containers([project])
    const named = containers.map(async ({ id, service }) => [
      service,
      (await engine().inspect(id))?.HostConfig.RestartPolicy?.Name,
    ])
    return Object.fromEntries(await Promise.all(named))
  }
  const made = { web: 'always', worker: 'always', cron: 'unless-stopped' }
  const stopped = { web: 'unless-stopped', worker: 'unless-stopped', cron: 'unless-stopped' }

  test('of a color stay stopped, whatever the engine does, until the color is brought up again', async () => {
    const green = project(files('always'))
    await platform().up(green)
    expect(await policiesIn(GREEN)).toEqual(made)
    await platform().stop(GREEN)
    expect(await policiesIn(GREEN)).toEqual(stopped)
    await platform().up(green)
    expect(await policiesIn(GREEN)).toEqual(made)
  })

  test("of the user's own project likewise, and those that stay stopped stay so", async () => {
    write(files('always'))
    await platform().startShared(['web', 'worker', 'cron'])
    await platform().stop(APP)
    expect(await policiesIn(APP)).toEqual(stopped)
    await platform().start(APP, ['web'])
    expect(await policiesIn(APP)).toEqual({ ...stopped, web: 'always' })
    await platform().startShared(['worker'])
    expect(await policiesIn(APP)).toEqual(made)
  })

  test('are started as they are where the files say nothing that Compose takes, or no longer say so', async () => {
    write(files('always'))
    await platform().startShared(['web'])
    for (const text of ['services: [', files('on-failure')]) {
      await platform().stop(APP)
      write(text)
      await platform().start(APP, ['web'])
      expect(await platform().containers([APP])).toMatchObject([{ state: 'running' }])
      expect(await policiesIn(APP)).toEqual({ web: 'unless-stopped' })
    }
  })

  test('and run without that start with the engine again, those that do not run stay as they are', async () => {
    const green = project(files('always'))
    write(files('always'))
    await platform().up(green)
    await platform().startShared(['web', 'cron'])
    await platform().stop(GREEN, ['worker'])
    for (const { id, service } of await platform().containers([GREEN, APP]))
      if (service === 'web') await engine().setRestart(id, 'unless-stopped')
    expect(await platform().startWithEngine([green])).toEqual([`${APP}-web-1`, `${GREEN}-web-1`].sort())
    expect(await policiesIn(GREEN)).toEqual({ ...made, worker: 'unless-stopped' })
    expect(await policiesIn(APP)).toEqual({ web: 'always', cron: 'unless-stopped' })
    expect(await platform().startWithEngine([green])).toEqual([])
  })

  test('and are only made have what their file says', async () => {
    write(files('always'))
    await platform().createOwn(['web'])
    await platform().start(APP, ['web'])
    expect(await policiesIn(APP)).toEqual({ web: 'always' })
  })
})

describe('a project', () => {
  const TWO = `services:
  web:
    ${service('command: sleep 1000')}
    volumes: [data:/data]
    networks: [front]
    environment: { PRICE: "$$5" }
  worker:
    ${service('command: sleep 1000')}
    depends_on: [web]
networks: { front: {} }
volumes: { data: { name: ${APP}_data } }
`

  test('is created without being started, then brought up', async () => {
    const green = project(TWO)
    await platform().create(green)
    expect((await platform().containers([GREEN])).map(({ state }) => state)).toEqual(['created', 'created'])
    await platform().up(green)
    const states = await platform().inspect(GREEN)
    expect(states.map(({ service, running }) => [service, running]).sort()).toEqual([
      ['web', true],
      ['worker', true],
    ])
    expect(states.every(({ startedAt }) => startedAt > Date.now() - 60_000)).toBe(true)
    const web = states.find(({ service }) => service === 'web')
    expect((await engine().exec(web?.id ?? '', ['sh', '-c', 'echo "$PRICE"'])).stdout).toBe('$5\n')
  })

  test('gets the containers of the services that were named, and of no other; none starts', async () => {
    await platform().make(project(TWO), ['worker'])
    expect(await platform().containers([GREEN])).toMatchObject([{ service: 'worker', state: 'created' }])
  })

  test('loses the containers of services it no longer has', async () => {
    await platform().up(project(TWO))
    await platform().up(project(`services:\n  web:\n    ${service('command: sleep 1000')}\n`))
    expect((await platform().containers([GREEN])).map(({ service }) => service)).toEqual(['web'])
  })

  test('is no business of the variables that steer Compose for the user', async () => {
    const env = {
      ...process.env,
      COMPOSE_FILE: '/nowhere.yml',
      COMPOSE_PROJECT_NAME: 'x',
      COMPOSE_PROFILES: 'y',
    }
    await platform({ env }).up(project(TWO))
    expect(await platform().containers([GREEN])).toHaveLength(2)
  })

  test('stops, whole or in part, whatever compose file lies around', async () => {
    write('services:\n  other: { image: x }\n')
    await platform().up(project(TWO))
    await platform().stop(GREEN, ['worker'])
    const states = async () =>
      (await platform().containers([GREEN])).map(({ service, state }) => `${service} ${state}`).sort()
    // Docker 26 answers a stop before its list tells of it.
    await expect.poll(states).toEqual(['web running', 'worker exited'])
    await platform().stop(GREEN)
    await expect.poll(states).toEqual(['web exited', 'worker exited'])
  })

  test('that is interrupted while it stops says at once for whom it waits and how long, and waits', async () => {
    const deaf = 'sh -c "trap \'echo asked\' TERM; while :; do sleep 0.1; done"'
    await platform().up(
      project(
        `services:\n  web:\n    ${service('command: sleep 1000')}\n  worker:\n    image: ${IMAGE}\n    command: ${deaf}\n    stop_grace_period: 5s\n`,
      ),
    )
    const worker = (await platform().containers([GREEN])).find((each) => each.service === 'worker')
    const controller = new AbortController()
    const told: Stopping[] = []
    const tellStopping = (stopping: Stopping) => void told.push(stopping)
    const stopping = platform({ signal: controller.signal, tellStopping }).stop(GREEN)
    await until(async () => (await platform().logs(worker?.id ?? '', 1)).includes('asked'))
    await until(async () => (await platform().containers([GREEN])).some(({ state }) => state === 'exited'))
    expect(told).toEqual([])
    controller.abort()
    expect(told).toEqual([{ containers: [worker?.name], seconds: expect.any(Number) }])
    expect(told[0]?.seconds).toBeLessThanOrEqual(5)
    expect(told[0]?.seconds).toBeGreaterThan(1)
    await stopping
    expect((await platform().containers([GREEN])).map(({ state }) => state)).toEqual(['exited', 'exited'])
  })

  test('starts what is there, and has started all it can when it tells what it could not', async () => {
    const port = await freePort()
    const slow = 'command: sleep 1000'
    const crowded = `services:
  web:
    ${service(slow)}
    ports: ["${port}:80"]
  front:
    ${service(slow)}
    ports: ["${port}:80"]
`
    await platform().create(project(crowded))
    const { code } = (await failure(platform().start(GREEN, ['web', 'front']))) ?? {}
    expect(code).toBe('port-taken')
    const states = (await platform().containers([GREEN])).map(({ state }) => state)
    expect(states.sort()).toEqual(['created', 'running'])
  })

  test('starts no container of `docker compose run` again, and stops none', async () => {
    const { file } = project(TWO)
    const options = { encoding: 'utf8' } as const
    const words = ['compose', '-p', GREEN, '-f', file, 'run', '-d', '--no-deps']
    await platform().create({ project: GREEN, file })
    execFileSync('docker', [...words, 'worker', 'true'], options)
    execFileSync('docker', [...words, 'worker', 'sleep', '1000'], options)
    const oneOff = async () =>
      (await platform().containers([GREEN])).flatMap((each) => (each.oneOff ? [each.state] : [])).sort()
    await until(async () => (await oneOff()).includes('exited'))
    await platform().start(GREEN, ['web', 'worker'])
    await platform().stop(GREEN, ['worker'])
    expect(await oneOff()).toEqual(['exited', 'running'])
  })

  test('is removed without its compose file, with guests on its networks, and its volumes stay', async () => {
    await platform().up(project(TWO))
    write(
      `services:\n  db:\n    ${service('command: sleep 1000')}\n  gone:\n    ${service('command: sleep 1000')}\n`,
    )
    await platform().startShared(['db', 'gone'])
    const front = (await platform().networks(GREEN)).find(({ key }) => key === 'front')?.name ?? ''
    const guests = await platform().containers([APP])
    await platform().connect(guests.map(({ id }) => ({ container: id, network: front, aliases: ['db'] })))
    await platform().stop(APP, ['gone'])
    rmSync(join(dir, 'green'), { recursive: true })
    await platform().remove(GREEN)
    await platform().remove(GREEN)
    expect(await platform().containers([GREEN])).toEqual([])
    expect(await platform().networks(GREEN)).toEqual([])
    expect(await engine().volumeExists(`${APP}_data`)).toBe(true)
    await platform().startShared(['db', 'gone'])
    expect((await platform().containers([APP])).map(({ state }) => state)).toEqual(['running', 'running'])
  })

  test('that wants a port that is taken says which', async () => {
    const port = await freePort()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve))
    const green = project(`services:\n  web:\n    ${service(`ports: ["${port}:80"]`)}\n`)
    expect(await failure(platform().up(green))).toMatchObject({ code: 'port-taken', port })
    server.close()
  })

  test('that wants a port of another container says which', async () => {
    const port = await freePort()
    write(`services:\n  db:\n    ${service(`command: sleep 1000\n    ports: ["${port}:80"]`)}\n`)
    await platform().startShared(['db'])
    const green = project(`services:\n  web:\n    ${service(`ports: ["${port}:80"]`)}\n`)
    expect(await failure(platform().up(green))).toMatchObject({ code: 'port-taken', port })
    expect(await platform().publisher(port)).toMatchObject({ project: APP })
  })

  test('whose image is nowhere says so', async () => {
    const green = project('services:\n  web: { image: "127.0.0.1:1/vt/none:9" }\n')
    expect(await failure(platform().up(green))).toMatchObject({ code: 'image-missing', service: 'web' })
  })

  test('whose start fails shows the words of Compose', async () => {
    const green = project(`services:\n  web:\n    ${service('command: /no/such/program')}\n`)
    expect(await failure(platform().up(green))).toMatchObject({
      code: 'start-failed',
      project: GREEN,
      output: /no such file/,
    })
  })

  test('that is interrupted says so and can be removed', async () => {
    const controller = new AbortController()
    const slow = `services:
  db:
    ${service('command: sleep 1000')}
    healthcheck: { test: [CMD, "false"], interval: 60s, start_period: 600s }
  web:
    ${service('command: sleep 1000')}
    depends_on: { db: { condition: service_healthy } }
`
    const upping = failure(platform({ signal: controller.signal }).up(project(slow)))
    await until(async () => (await platform().containers([GREEN])).some(({ state }) => state === 'running'))
    controller.abort()
    expect(await upping).toMatchObject({ code: 'interrupted' })
    await platform().remove(GREEN)
    expect(await platform().containers([GREEN])).toEqual([])
  })

  test('tells the end of its containers', async () => {
    await platform().up(project(`services:\n  web:\n    ${service('command: sh -c "echo last; exit 7"')}\n`))
    const ended = async () => (await platform().inspect(GREEN)).find(({ running }) => !running)
    const state = await until(ended)
    expect(state).toMatchObject({ service: 'web', exitCode: 7, oomKilled: false, health: undefined })
    expect(await platform().logs(state.id, 5)).toEqual(['last'])
    const lines: string[] = []
    const asked = { project: GREEN, services: ['web'], follow: false, tail: 2 }
    await platform().readLogs(asked, (line) => void lines.push(line))
    expect(lines.join('\n')).toMatch(/web-1\s+\| last/)
  })
})

const MIGRATE = { service: 'migrate', command: undefined }

describe('a job', () => {
  const job = (script: string) =>
    project(
      `services:\n  migrate:\n    ${service(`command: sh -c '${script}'`)}\n    depends_on: [web]\n  web:\n    ${service('command: sleep 1000')}\n`,
    )

  test('runs to its end, tells its lines, returns them, and leaves nothing', async () => {
    const said: string[] = []
    const output = await platform().runJob(job('echo one; echo two >&2'), MIGRATE, (line) => said.push(line))
    expect(output.split('\n').sort()).toEqual(['one', 'two'])
    expect(said.sort()).toEqual(['one', 'two'])
    expect(await platform().containers([GREEN])).toEqual([])
  })

  test('that fails shows its output and its exit code', async () => {
    expect(await failure(platform().runJob(job('echo broken >&2; exit 5'), MIGRATE, silent))).toEqual({
      code: 'job-failed',
      service: 'migrate',
      command: undefined,
      exitCode: 5,
      output: 'broken',
    })
    expect(await platform().containers([GREEN])).toEqual([])
  })

  test('takes a command of its own, whose words no shell reads', async () => {
    const command = ['echo', '$HOME; a  b']
    expect(await platform().runJob(job('exit 5'), { service: 'web', command }, silent)).toBe('$HOME; a  b')
  })

  test('that is interrupted is gone once its project is removed', async () => {
    const controller = new AbortController()
    const running = failure(
      platform({ signal: controller.signal }).runJob(job('echo going; sleep 1000'), MIGRATE, () =>
        controller.abort(),
      ),
    )
    expect(await running).toMatchObject({ code: 'interrupted' })
    await platform().remove(GREEN)
    expect(await platform().containers([GREEN])).toEqual([])
  })
})

test('what is handed over starts as soon as its own has ended, after what it depends on', async () => {
  const slow = 'sh -c "trap \'sleep 2; exit\' TERM; while :; do sleep 0.1; done"'
  const both = `services:
  quick:
    ${service('command: sleep 1000')}
  slow:
    image: ${IMAGE}
    command: ${slow}
  front:
    ${service('command: sleep 1000')}
    depends_on: [slow]
`
  const services = ['quick', 'slow', 'front']
  write(both)
  await platform().createOwn(services)
  await platform().up(project(both))
  await platform().handOver({ from: { project: GREEN, services }, to: { project: APP, services } })
  const at = async (project: string, service: string, what: 'StartedAt' | 'FinishedAt') => {
    const found = (await platform().containers([project])).find((each) => each.service === service)
    return Date.parse((await engine().inspect(found?.id ?? ''))?.State[what] ?? '')
  }
  expect((await platform().containers([APP])).map(({ state }) => state)).toEqual(Array(3).fill('running'))
  expect(await at(APP, 'quick', 'StartedAt')).toBeLessThan(await at(GREEN, 'slow', 'FinishedAt'))
  expect(await at(APP, 'slow', 'StartedAt')).toBeGreaterThanOrEqual(await at(GREEN, 'slow', 'FinishedAt'))
  expect(await at(APP, 'front', 'StartedAt')).toBeGreaterThanOrEqual(await at(APP, 'slow', 'StartedAt'))
  expect(await at(GREEN, 'front', 'FinishedAt')).toBeLessThan(await at(GREEN, 'slow', 'FinishedAt'))
})

test('what takes over under a new name waits until all that it may replace have ended', async () => {
  const worker = `worker:
    image: ${IMAGE}
    command: sh -c "trap 'sleep 2; exit' TERM; while :; do sleep 0.1; done"`
  write(`services:\n  renamed:\n    ${service('command: sleep 1000')}\n  ${worker}\n`)
  await platform().createOwn(['renamed'])
  await platform().up(project(`services:\n  ${worker}\n`))
  await platform().handOver({
    from: { project: GREEN, services: ['worker'] },
    to: { project: APP, services: ['renamed'] },
  })
  const [ended, begun] = await Promise.all(
    [GREEN, APP].map(async (name) => {
      const [found] = await platform().containers([name])
      return (await engine().inspect(found?.id ?? ''))?.State
    }),
  )
  expect(begun?.Running).toBe(true)
  expect(Date.parse(begun?.StartedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(ended?.FinishedAt ?? ''))
})

test('volumes of the base project are made once, with the labels that Compose looks for', async () => {
  const volumes = [{ key: 'data', name: `${APP}_data`, definition: {} }]
  await platform().ensureVolumes(volumes)
  await platform().ensureVolumes(volumes)
  write(
    `services:\n  db:\n    ${service('command: sleep 1000\n    volumes: [data:/data]')}\nvolumes: { data: {} }\n`,
  )
  const up = ['compose', '-p', APP, '--progress', 'plain', 'up', '-d']
  execFileSync('docker', up, { cwd: dir, stdio: 'pipe' })
  const labels = execFileSync('docker', ['volume', 'inspect', '-f', '{{json .Labels}}', `${APP}_data`], {
    encoding: 'utf8',
  })
  expect(JSON.parse(labels)).toMatchObject({
    'com.docker.compose.project': APP,
    'com.docker.compose.volume': 'data',
  })
})

test.each([
  'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  'Error response from daemon: all predefined address pools have been fully subnetted',
])('the words of an engine without networks are known: %s', (words) => {
  expect(recogniseFailure(`failed to create network shop_default: ${words}`)).toMatchObject({
    code: 'networks-exhausted',
  })
})

// `docker compose up` of a service that wants 8080, as engines say it; of 29 by its source (moby, osallocator_linux.go).
const PROGRAMMING =
  'Error response from daemon: driver failed programming external connectivity on endpoint shop-web-1'
test.each([
  ['20.10', `${PROGRAMMING} (1f0e): Bind for 0.0.0.0:8080 failed: port is already allocated`],
  [
    '26',
    `${PROGRAMMING} (1f0e): Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use`,
  ],
  [
    '28',
    `${PROGRAMMING} (1f0e): failed to bind host port for 0.0.0.0:8080:172.31.0.2:80/tcp: address already in use`,
  ],
  ['29', `${PROGRAMMING} (1f0e): failed to bind host port 0.0.0.0:8080/tcp: address already in use`],
  [
    '29 of an IPv6 address',
    `${PROGRAMMING} (1f0e): failed to bind host port [2001:db8::17]:8080/tcp: address already in use`,
  ],
])('the words of Docker %s for a port that is taken are known', (_, words) => {
  expect(recogniseFailure(words)).toMatchObject({ code: 'port-taken', port: 8080 })
})
