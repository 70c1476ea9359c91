import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { httpCheck, imageFromSetup } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { containersOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

const PROGRAM = new URL('../support/programs/slow-end.mjs', import.meta.url)

function release(version: string): string {
  const service = {
    image: imageFromSetup('NODE_IMAGE'),
    command: ['node', '/programs/slow-end.mjs', version],
    volumes: ['./programs:/programs:ro'],
    healthcheck: httpCheck,
  }
  const web = { ...service, ports: ['__PORT__:3000'], stop_signal: 'SIGINT', stop_grace_period: '1m' }
  return stringify({ services: { web, deaf: { ...service, stop_grace_period: '1s' } } })
}

describe('the color that users left', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({
      compose: release('1'),
      files: { 'programs/slow-end.mjs': readFileSync(PROGRAM, 'utf8') },
    })
    await succeed(box, ['perform', '--auto-switch'])
  })
  afterAll(() => box?.remove())

  const ask = (path: string) =>
    box.get(path).then(
      ({ body }) => body,
      (error: Error) => error.message,
    )
  /** Moves users to a new release while requests are being answered, and stops the color that they left. */
  const upgrade = async (color: string, version: string, paths: readonly string[]) => {
    box.write('compose.yaml', release(version))
    await succeed(box, ['perform'])
    const answers = Promise.all(paths.map(ask))
    await until(async () => (await established()) === paths.length, { timeoutMs: 20_000 })
    const ran = await box.upgrade(['switch', color], { env: { AUTO_CLEANUP: 'true' } })
    expect(ran.code, ran.stderr).toBe(0)
    return { ran, answers: await answers }
  }
  const established = async () => {
    const sockets = await box.docker(['exec', `${box.app}-proxy-nginx-1`, 'cat', '/proc/net/tcp'])
    const port = box.port.toString(16).toUpperCase().padStart(4, '0')
    return sockets.split('\n').filter((line) => new RegExp(`^\\s*\\d+: \\S+:${port} \\S+ 01 `).test(line))
      .length
  }
  const stopped = async (color: string, service: string) => {
    const container = (await containersOf(box, `${box.app}-${color}`)).find(
      (each) => each.service === service,
    )
    const id = container?.id ?? ''
    const exit = await box.docker(['inspect', '-f', '{{.State.Running}} {{.State.ExitCode}}', id])
    return { exit: exit.trim(), logs: await box.docker(['logs', id]) }
  }

  test('is stopped once its last request was answered, by its own signal and in its own time', async () => {
    const { answers, ran } = await upgrade('green', '2', ['/slow/4000'])
    expect(answers).toEqual(['1\n'])
    expect(ran.stderr).not.toMatch(/left over/i)
    expect(await stopped('blue', 'web')).toEqual({ exit: 'false 0', logs: 'came to its end\n' })
    expect(await stopped('blue', 'deaf')).toEqual({ exit: 'false 137', logs: 'told to end by SIGTERM\n' })
  })

  test('is stopped when the drain time is over, and what that cuts is told', async () => {
    // nginx itself would cut them at about the time at which they are counted.
    box.write('upgrade.yaml', 'drain: 2s\nlong_connections: keep\n')
    const { answers, ran } = await upgrade('blue', '3', ['/slow/120000', '/slow/120000'])
    expect(ran.stderr).toMatch(/Left over: 2 connections to green \(the drain time is over; they are cut\)/)
    expect(answers).not.toContain('2\n')
    expect((await stopped('green', 'web')).exit).toBe('false 0')
    expect((await box.get('/')).body).toBe('3\n')
  })
})
