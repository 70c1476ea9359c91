import { readdirSync, readFileSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { httpCheck } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { statusOf } from '../support/observe.ts'
import { run } from '../support/run.ts'
import { createSandbox, PROGRAM, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const SECRET = 'zq7Hunter2zq7'
const DEPLOY = ['perform', '--auto-switch', '--force']

/** Says things that a terminal would obey, and quotes its password, before it serves. */
function talkative(version: string): string {
  const speech = '\\033]0;owned\\007\\033[2Jcleared\\rhidden\\nno postgres://shop:$$DB_PASSWORD@db\\n'
  const talk = `printf "${speech}"; (while sleep 0.3; do echo tick; done) & exec node server.mjs`
  const web = {
    image: testAppImage(version),
    ports: ['__PORT__:3000'],
    environment: { DB_PASSWORD: SECRET, VERSION: version },
    entrypoint: ['sh', '-c', talk],
    healthcheck: httpCheck,
  }
  return stringify({ services: { web } })
}

describe('an app with a secret and hostile output', () => {
  let box: Sandbox
  let traffic: Traffic
  let printed = ''

  beforeAll(async () => {
    box = await createSandbox({ compose: talkative('1') })
    printed += text(await succeed(box, DEPLOY))
    traffic = startTraffic({ port: box.port, connections: 2, mode: 'keep-alive', maxMs: 170_000 })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  test('only the ports of users can be reached from other machines', async () => {
    const { managementPort, previewPorts } = await proxyOf(box)
    const own = [managementPort, ...Object.values(previewPorts)]
    const format =
      '{{range $port, $at := .NetworkSettings.Ports}}{{range $at}}{{.HostIp}}:{{.HostPort}} {{end}}{{end}}'
    const bound = (await box.docker(['inspect', '--format', format, `${box.app}-proxy-nginx-1`]))
      .trim()
      .split(' ')
    const outside = bound.filter((each) => !each.startsWith('127.0.0.1:'))
    expect(bound).toEqual(expect.arrayContaining(own.map((port) => `127.0.0.1:${port}`)))
    expect(new Set(outside.map((each) => each.split(':').at(-1)))).toEqual(new Set([String(box.port)]))
    const reaches = (host: string, port: number) =>
      fetch(`http://${host}:${port}/state`, { signal: AbortSignal.timeout(5_000) }).then(
        () => true,
        () => false,
      )
    expect(await reaches('127.0.0.1', managementPort)).toBe(true)
    // What SECURITY.md says is not defended: containers of the app are on its networks.
    const state = `http://${box.app}-proxy-nginx-1:${managementPort}/state`
    expect(await box.docker(['exec', `${box.app}-blue-web-1`, 'wget', '-q', '-O', '-', state])).toContain(
      '"color"',
    )
    for (const host of addresses()) {
      expect(await reaches(host, box.port), host).toBe(true)
      for (const port of own) expect(await reaches(host, port), `${host}:${port}`).toBe(false)
    }
  })

  test('logs are shown without what a terminal would obey; a service that is not there is named', async () => {
    const { stdout } = await succeed(box, ['logs', 'web'])
    expect(stdout).toMatch(/cleared/)
    expect(stdout).not.toMatch(/[^\n -~│]/)
    const { stderr } = await expectCode(2, box, ['logs', 'nowhere'])
    expect(stderr).toMatch(
      /There is no service "nowhere" in blue\.\n {2}Nothing was changed: blue serves|Nothing was changed\./,
    )
    expect(stderr).toMatch(/→ upgrade logs blue web/)
  })

  test('logs that are followed end when nobody reads them', async () => {
    const line = `"$0" "$1" logs --follow web | head -1`
    const { code, stdout } = await run('sh', ['-c', line, process.execPath, PROGRAM], {
      cwd: box.folder,
      env: box.env,
      timeoutMs: 60_000,
    })
    expect([code, stdout.split('\n').length]).toEqual([0, 2])
  })

  test('a file in the place of the folder of the app is told', async () => {
    const { stderr } = await expectCode(2, box, ['-C', 'compose.yaml', 'status'])
    expect(stderr).toMatch(/There is no folder .*compose\.yaml\.\n {2}Nothing was changed\./)
  })

  test('a mistake before the line says what users see; the next command takes back what it left', async () => {
    box.write('compose.yaml', talkative('2'))
    const { stderr } = await withBug(box, 'start')
    expect(stderr).toMatch(/This is a mistake of Verdigris itself/)
    expect(stderr).toMatch(/TypeError: made for a test: start/)
    expect(stderr).toMatch(/verdigris \d+\.\d+\.\d+, node v/)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`Users are answered: blue serves ${box.app}.`)
    printed += stderr
    printed += text(await succeed(box, ['perform', '--force']))
    expect((await statusOf(box)).active).toBe('blue')
  })

  test('a mistake after the line leaves users where they are; the next command finishes', async () => {
    const { stderr } = await withBug(box, 'record')
    expect(stderr).toMatch(/TypeError: made for a test: record/)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`Users are answered: green serves ${box.app}.`)
    printed += stderr + text(await succeed(box, ['rollback']))
    expect((await statusOf(box)).active).toBe('blue')
  })

  test('a run whose output can no longer be written goes on', async () => {
    const line = `"$0" "$1" switch green > /dev/full 2> /dev/full`
    const shell = ['-c', line, process.execPath, PROGRAM]
    expect((await run('sh', shell, { cwd: box.folder, env: box.env, timeoutMs: 60_000 })).code).toBe(0)
    expect((await statusOf(box)).active).toBe('green')
    const back = ['-c', `"$0" "$1" switch blue > /dev/full`, process.execPath, PROGRAM]
    const ran = await run('sh', back, { cwd: box.folder, env: box.env, timeoutMs: 60_000 })
    expect(ran.stderr).toContain('What the command did stands; only its words were lost.')
    expect(ran.code).toBe(0)
    expect((await statusOf(box)).active).toBe('blue')
    await succeed(box, ['switch', 'green'])
  })

  test('its secret stands in files of its owner alone, and in nothing that is shown', async () => {
    box.write('compose.yaml', talkative('1').replace('exec node', 'exit 3; node'))
    printed += text(await expectCode(5, box, DEPLOY))
    expect(printed).toContain('postgres://shop:***@db')
    for (const words of [
      ['status'],
      ['status', '--json'],
      ['history', '--json'],
      ['plan'],
      ['plan', '--json'],
      ['config'],
    ])
      printed += text(await succeed(box, words))
    expect(printed).not.toContain(SECRET)
    const deployments = join(box.folder, 'deployments')
    expect(statSync(deployments).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(deployments, { recursive: true, encoding: 'utf8' })) {
      const path = join(deployments, name)
      const found = statSync(path)
      expect(found.mode & 0o777, name).toBe(found.isDirectory() ? 0o700 : 0o600)
      const mayHold = /^(blue|green)-[^/]+\/(docker-compose\.yml|\.env)$/.test(name)
      if (found.isFile() && !mayHold) expect(readFileSync(path, 'utf8'), name).not.toContain(SECRET)
    }
  })

  test('no request failed meanwhile', async () => {
    await expectNoneFailed(traffic, { atLeast: 100 })
  })
})

function text({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return stdout + stderr
}

async function withBug(box: Sandbox, at: 'start' | 'record') {
  const preload = fileURLToPath(new URL('../support/programs/bug.cjs', import.meta.url))
  const ran = await box.upgrade(DEPLOY, { env: { NODE_OPTIONS: `--require ${preload}`, BUG_AT: at } })
  expect(ran.code, text(ran)).toBe(1)
  return ran
}

async function proxyOf(
  box: Sandbox,
): Promise<{ managementPort: number; previewPorts: Record<string, number> }> {
  const format = '{{json .Config.Labels}}'
  const labels = JSON.parse(await box.docker(['inspect', '--format', format, `${box.app}-proxy-nginx-1`]))
  const pairs = String(labels['verdigris.proxy.previews']).split(',')
  return {
    managementPort: Number(labels['verdigris.proxy.management']),
    previewPorts: Object.fromEntries(
      pairs.map((pair) => pair.split(':')).map(([port = '', to]) => [port, Number(to)]),
    ),
  }
}

/** Where other machines would find this one. */
function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address),
  )
}
