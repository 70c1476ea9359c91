import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { webApp } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { containersOf, previewPort, statusOf } from '../support/observe.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { onTerminal } from '../support/terminal.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

describe('a release stands by until somebody switches', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    await succeed(box, ['perform', '--auto-switch'])
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const body = async (port = box.port) => (await box.get('/', { port })).body
  const release = (version: string, NUMBER: string) =>
    box.write('compose.yaml', webApp({ version, environment: { NUMBER } }))

  test('perform in a pipe ends with the release prepared, an address to look at and what to do next', async () => {
    release('2', '1')
    const ran = await succeed(box, ['perform'])
    const said = ran.stdout + ran.stderr
    expect(said).toContain('upgrade switch green')
    const preview = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said)
    expect(await body(Number(preview?.[1]))).toBe('hello from 2\n')
    expect(await body()).toBe('hello from 1\n')
    expect(box.read('deployments/active')).toBe('blue\n')
  })

  test('switch moves users to it, and the preview then leads to the release before', async () => {
    await succeed(box, ['switch', 'green'])
    expect(await body()).toBe('hello from 2\n')
    expect(await body(await previewPort(box))).toBe('hello from 1\n')
    await succeed(box, ['switch', 'blue'])
    expect(await body()).toBe('hello from 1\n')
  })

  test('a person on a terminal who answers no keeps users where they are', async () => {
    release('2', '2')
    const ran = await onTerminal(box, ['perform'], { when: /\[y\/N\]/, say: 'n\n' })
    expect(ran.code, ran.output).toBe(0)
    expect(ran.output).toContain('upgrade switch green')
    expect(await body()).toBe('hello from 1\n')
    expect(await body(await previewPort(box))).toBe('hello from 2\n')
  })

  test('one who answers yes moves them', async () => {
    release('2', '3')
    const ran = await onTerminal(box, ['perform'], { when: /\[y\/N\]/, say: 'y\n' })
    expect(ran.code, ran.output).toBe(0)
    expect(await body()).toBe('hello from 2\n')
  })

  test('--json prints one event a line, and nothing else', async () => {
    release('1', '4')
    const ran = await succeed(box, ['perform', '--auto-switch', '--json'])
    expect(ran.stderr).toBe('')
    const events = ran.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['plan', 'step-started', 'step-progress', 'step-done', 'step-skipped', 'outcome']),
    )
    expect(events.at(-1)).toMatchObject({ type: 'outcome', outcome: { kind: 'switched', to: 'blue' } })
  })

  test('--json tells of a failure in the same way', async () => {
    const ran = await box.upgrade(['switch', 'blue', '--json'])
    expect(ran.code).toBe(5)
    expect(ran.stderr).toBe('')
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: { failure: { code: 'already-active' } } })
  })

  test('--auto-cleanup drains and stops the old color', async () => {
    release('2', '5')
    await succeed(box, ['perform', '--auto-switch', '--auto-cleanup'])
    expect(await body()).toBe('hello from 2\n')
    expect(await containersOf(box, `${box.app}-blue`)).toMatchObject([{ service: 'web', state: 'exited' }])
    expect(await statusOf(box)).toMatchObject({ draining: 0, drift: [], rollback: { way: 'from-snapshot' } })
  })

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})

test('a standby whose container restarted while it stood by gets users all the same', async () => {
  const compose = (version: string) =>
    webApp({ version }).replace('  web:\n', '  web:\n    restart: always\n')
  const box = await createSandbox({ compose: compose('1') })
  try {
    await succeed(box, ['perform', '--auto-switch'])
    box.write('compose.yaml', compose('2'))
    await succeed(box, ['perform', '--auto-switch'])
    const standby = `${box.app}-blue-web-1`
    const inspect = async (format: string) => (await box.docker(['inspect', '-f', format, standby])).trim()
    for (const restarts of ['1', '2']) {
      await must('kill', ['-9', await inspect('{{.State.Pid}}')])
      await until(
        async () => (await inspect('{{.RestartCount}} {{.State.Health.Status}}')) === `${restarts} healthy`,
        {
          timeoutMs: 30_000,
        },
      )
    }
    box.write('upgrade.yaml', 'watch: 2s\n')
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
  } finally {
    await box.remove()
  }
})

test('what a killed cleanup had no time to stop comes up with Docker again, once users are on it', async () => {
  const compose = (version: string) => {
    const { services } = parse(webApp({ version }))
    const entrypoint = ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done']
    const deaf = {
      ...services.web,
      ports: undefined,
      healthcheck: undefined,
      entrypoint,
      depends_on: ['web'],
    }
    const slow = { ...deaf, stop_grace_period: '4s', restart: 'always' }
    return stringify({ services: { web: { ...services.web, restart: 'always' }, slow } })
  }
  const box = await createSandbox({ compose: compose('1') })
  try {
    await succeed(box, ['perform', '--auto-switch'])
    box.write('compose.yaml', compose('2'))
    await succeed(box, ['perform', '--auto-switch'])
    const policies = async () => {
      const names = ['web', 'slow'].map((service) => `${box.app}-blue-${service}-1`)
      const format = '{{.HostConfig.RestartPolicy.Name}} {{.State.Status}}'
      return (await box.docker(['inspect', '-f', format, ...names])).trim().split('\n')
    }
    const beganS = Date.now() / 1000
    const askedToStop = async () => {
      const times = ['--since', String(beganS), '--until', String(Date.now() / 1000)]
      const of = ['--filter', 'event=kill', '--filter', `container=${box.app}-blue-slow-1`]
      return (await box.docker(['events', ...times, ...of])) !== ''
    }
    const cleaning = box.beginUpgrade(['cleanup'])
    await until(askedToStop, { everyMs: 10 })
    expect(await policies()).toEqual(['unless-stopped running', 'unless-stopped running'])
    cleaning.kill('SIGKILL')
    await cleaning.ended
    await until(async () => (await policies())[1] === 'unless-stopped exited', { timeoutMs: 20_000 })
    expect((await policies())[0]).toBe('unless-stopped running')
    await box.docker(['start', `${box.app}-blue-slow-1`])
    const { stderr } = await succeed(box, ['rollback'])
    expect(stderr).toContain('would not have come up again with Docker; they do now')
    expect(await policies()).toEqual(['always running', 'always running'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
  } finally {
    await box.remove()
  }
})
