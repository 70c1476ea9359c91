import { readdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { containerOf, metadataOf, previewPort, snapshotsOf, statusOf } from '../support/observe.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const SECRET = 'correct horse battery staple'

describe('a snapshot is all that is needed to run a release again', () => {
  let box: Sandbox
  let traffic: Traffic
  let first: string
  let second: string

  beforeAll(async () => {
    const environment = { GREETING: '$GREETING', TOKEN: SECRET }
    box = await createSandbox({
      compose: webApp({ version: '1', environment }),
      files: { '.env': 'GREETING=hello\n' },
    })
    await must('git', ['init', '-q', '-b', 'trunk'], { cwd: box.folder })
    const me = ['-c', 'user.name=vt', '-c', 'user.email=vt@localhost']
    await must('git', ['add', 'compose.yaml'], { cwd: box.folder })
    await must('git', [...me, 'commit', '-qm', 'first'], { cwd: box.folder })
    await succeed(box, ['perform', '--auto-switch'])
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    box.write('compose.yaml', webApp({ version: '2', environment }))
    await succeed(box, ['perform', '--auto-switch'])
    ;[first = '', second = ''] = snapshotsOf(box)
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  test('it keeps what it may keep, for its owner only', () => {
    const modeOf = (path: string) => (statSync(join(box.folder, path)).mode & 0o777).toString(8)
    expect(modeOf('deployments')).toBe('700')
    expect(modeOf('deployments/active')).toBe('600')
    expect(modeOf('deployments/history.json')).toBe('600')
    for (const release of [first, second]) {
      const folder = `deployments/${release}`
      expect(modeOf(folder)).toBe('700')
      const files = readdirSync(join(box.folder, folder)).sort()
      expect(files).toEqual(['.env', 'containers.txt', 'docker-compose.yml', 'metadata.json'])
      for (const file of files) expect([file, modeOf(`${folder}/${file}`)]).toEqual([file, '600'])
      expect(box.read(`${folder}/.env`)).toBe('GREETING=hello\n')
    }
    expect(box.read(`deployments/${second}/containers.txt`)).toContain(`${box.app}-blue-web-1`)
  })

  test('its metadata tells where it came from and what it is', async () => {
    const { commit, images, ...metadata } = { ...metadataOf(box, second), commit: await head(box) }
    expect(metadata).toMatchObject({
      id: second,
      app: box.app,
      color: 'green',
      command: 'perform',
      user: userInfo().username,
      git: { commit, branch: 'trunk', dirty: true },
      services: [{ name: 'web', class: 'colored' }],
      containers: [`${box.app}-green-web-1`],
      health: 'passed',
    })
    expect(Date.now() - Date.parse(metadata.created)).toBeLessThan(120_000)
    expect(metadata.durations).toMatchObject({ start: expect.any(Number), health: expect.any(Number) })
    const id = (await box.docker(['image', 'inspect', '-f', '{{.Id}}', 'verdigris.local/test-app:2'])).trim()
    expect(images).toMatchObject([{ service: 'web', image: 'verdigris.local/test-app:2', id }])
  })

  test('its metadata and the other records hold hashes of the environment, not its values', () => {
    const metadata = metadataOf(box, second)
    expect(Object.keys(metadata.environment.web ?? {}).sort()).toEqual(['GREETING', 'TOKEN'])
    expect(metadata.environment.web?.GREETING).toBe(metadataOf(box, first).environment.web?.GREETING)
    expect(metadata.environment.web?.GREETING).not.toBe(metadata.environment.web?.TOKEN)
    for (const file of [`${second}/metadata.json`, 'history.json'])
      expect(box.read(`deployments/${file}`)).not.toContain(SECRET)
  })

  test('plain docker compose brings it up after its color was removed, and users can be switched to it', async () => {
    await succeed(box, ['cleanup', '--remove', '--yes'])
    expect((await statusOf(box)).colors.blue.containers.running).toBe(0)
    await bringUp(first)
    await until(async () => (await statusOf(box)).colors.blue.health === 'healthy')
    await succeed(box, ['switch', 'blue'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(await statusOf(box)).toMatchObject({ active: 'blue', drift: [] })
  })

  test('the preview leads to what came up by hand in the networks that are still there', async () => {
    await succeed(box, ['cleanup', 'green'])
    await bringUp(second)
    const port = await previewPort(box)
    await until(async () => (await box.get('/', { port })).body === 'hello from 2\n')
    expect((await box.get('/')).body).toBe('hello from 1\n')
  })

  test('bringing up the color that users are on changes nothing', async () => {
    const before = await containerOf(box, `${box.app}-blue`, 'web')
    await bringUp(first)
    expect(await containerOf(box, `${box.app}-blue`, 'web')).toEqual(before)
  })

  test('no request failed meanwhile', async () => {
    await expectNoneFailed(traffic)
  })

  // As an emergency is: from another folder, and with nothing of the app's environment set.
  const bringUp = (release: string) => {
    const file = join(box.folder, 'deployments', release, 'docker-compose.yml')
    const [color = ''] = release.split('-')
    const { PATH, HOME } = process.env
    return must('docker', ['compose', '-p', `${box.app}-${color}`, '-f', file, 'up', '-d'], {
      cwd: '/',
      env: { PATH, HOME },
    })
  }
})

async function head(box: Sandbox): Promise<string> {
  return (await must('git', ['rev-parse', 'HEAD'], { cwd: box.folder })).trim()
}
