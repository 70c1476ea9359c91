import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConfigView, DoctorView, PlanView } from '../../src/app/views.ts'
import { webWithRedis } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { leftoversOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'

describe('the commands that look, and init', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: webWithRedis({ version: '1' }) })
  })
  afterAll(() => box?.remove())

  const json = async <View>(args: readonly string[]) =>
    JSON.parse((await succeed(box, [...args, '--json'])).stdout) as View
  const nothing = { traces: [], snapshots: [], tags: [] }

  test('every command says what it does', async () => {
    const main = await succeed(box, ['--help'])
    for (const command of COMMANDS) {
      expect(main.stdout).toMatch(new RegExp(`^ +${command} .*[a-z]{3}`, 'm'))
      expect((await succeed(box, [command, '--help'])).stdout).toMatch(new RegExp(`upgrade ${command}`))
    }
  })

  test('doctor finds everything there, and makes nothing', async () => {
    const { checks } = await json<DoctorView>(['doctor'])
    expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['engine', 'compose', 'disk', 'ports', 'networks']),
    )
    expect(await leftoversOf(box)).toEqual(nothing)
  })

  test('doctor names who has a port that is needed, and exits with 8', async () => {
    const server = createServer().listen(box.port, '0.0.0.0')
    try {
      const ran = await expectCode(8, box, ['doctor'])
      expect(ran.stdout).toMatch(new RegExp(`${box.port}`))
      expect(ran.stdout).toMatch(new RegExp(`${process.pid}`))
    } finally {
      server.close()
    }
  })

  test('plan tells what a first run would do, and does nothing of it', async () => {
    const plan = await json<PlanView>(['plan'])
    expect(plan).toMatchObject({ target: 'blue', unchanged: false, command: 'perform' })
    expect(plan.services).toMatchObject([
      { name: 'redis', class: 'shared', reason: { because: 'known-image' } },
      { name: 'web', class: 'colored' },
    ])
    expect(plan.routes).toMatchObject([{ listen: box.port, service: 'web', port: 3000 }])
    expect(plan.nginxDiff).toContain('+')
    const { stdout } = await succeed(box, ['plan'])
    for (const word of ['redis', 'shared', 'web', 'blue', String(box.port)]) expect(stdout).toContain(word)
    expect(await leftoversOf(box)).toEqual(nothing)
  })

  test('init writes a file that loads, and replaces one only by force', async () => {
    await succeed(box, ['init'])
    const written = box.read('upgrade.yaml')
    expect(written).toMatch(/redis: \{class: shared\}/)
    const { files, rows } = await json<ConfigView>(['config'])
    expect(files).toEqual([join(box.folder, 'upgrade.yaml')])
    expect(rows.every(({ origin }) => origin.from !== 'file')).toBe(true)
    box.write('upgrade.yaml', 'drain: 7s\n')
    const refused = await box.upgrade(['init'])
    expect(refused.code).toBeGreaterThan(1)
    expect(refused.stderr).toMatch(/--force/)
    expect(box.read('upgrade.yaml')).toBe('drain: 7s\n')
    await succeed(box, ['init', '--force'])
    expect(box.read('upgrade.yaml')).toBe(written)
  })

  test('what init wrote loads with every "#" before a setting removed', async () => {
    const written = box.read('upgrade.yaml')
    box.write('upgrade.yaml', written.replaceAll(/^#(?=[a-z_]+:| {2})/gm, ''))
    box.write('compose.production.yaml', 'services: {}\n')
    box.write('templates/README', '')
    const ran = await box.upgrade(['config'])
    box.write('upgrade.yaml', written)
    expect(ran.code, ran.stderr).toBe(0)
  })

  test('config tells every setting and where it comes from', async () => {
    box.write('upgrade.yaml', 'drain: 7s\nrollback_limit: 4\n')
    const ran = await box.upgrade(['config', '--json'], { env: { ROLLBACK_LIMIT: '3' } })
    const { rows } = JSON.parse(ran.stdout) as ConfigView
    const row = (key: string) => rows.find((each) => each.key === key)
    expect(row('drain')).toMatchObject({ value: '7s', origin: { from: 'file' } })
    expect(row('rollback_limit')).toMatchObject({ value: '3', origin: { from: 'environment' } })
    expect(row('watch')).toMatchObject({ origin: { from: 'default' } })
  })

  test('logs shows the lines of the color that users are on, or of one service', async () => {
    await expectCode(5, box, ['logs'])
    await succeed(box, ['perform', '--auto-switch'])
    expect((await succeed(box, ['logs'])).stdout).toContain('hello 1 listens on 3000')
    box.write('compose.yaml', webWithRedis({ version: '2' }))
    await succeed(box, ['perform'])
    expect((await succeed(box, ['logs', '--tail', '1'])).stdout).toContain('hello 1 listens on 3000')
    expect((await succeed(box, ['logs', 'green', 'web'])).stdout).toContain('hello 2 listens on 3000')
  })

  test('plan tells what is different from what users have', async () => {
    const before = await leftoversOf(box)
    expect(await json<PlanView>(['plan'])).toMatchObject({
      target: 'green',
      unchanged: false,
      images: [{ service: 'web', from: expect.stringContaining(':1'), to: expect.stringContaining(':2') }],
    })
    box.write('compose.yaml', webWithRedis({ version: '1' }))
    expect(await json<PlanView>(['plan'])).toMatchObject({ unchanged: true })
    box.write('compose.yaml', webWithRedis({ version: '1', environment: { SECRET_TOKEN: 'hush' } }))
    const changed = await succeed(box, ['plan'])
    expect(changed.stdout).toContain('SECRET_TOKEN')
    expect(changed.stdout).not.toContain('hush')
    expect(await leftoversOf(box)).toEqual(before)
  })

  test('history lists the newest first, as many as were asked for', async () => {
    await succeed(box, ['switch', 'green'])
    const { stdout } = await succeed(box, ['history', '--limit', '2'])
    expect(stdout).toMatch(/switch[\s\S]*perform/)
    const { entries, total } = JSON.parse((await succeed(box, ['history', '--limit', '2', '--json'])).stdout)
    expect(total).toBe(3)
    expect(entries).toMatchObject([{ result: 'switched' }, { result: 'prepared' }])
  })

  test('proxy config shows what nginx runs by, proxy logs what it answered', async () => {
    expect((await succeed(box, ['proxy', 'config'])).stdout).toContain('# Users are led to green')
    await box.get('/found-in-the-log')
    expect((await succeed(box, ['proxy', 'logs'])).stdout).toContain('/found-in-the-log')
  })
})

const COMMANDS = 'perform switch rollback cleanup status history plan doctor config logs init proxy'.split(
  ' ',
)
