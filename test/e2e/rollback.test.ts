import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectNoneFailed, succeed } from '../support/expect.ts'
import { containersOf, heldTags, metadataOf, snapshotsOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch']

// One tag that moves, as `latest` does, and an environment that comes from .env: neither names a release for long.
const MOVING = 'verdigris.local/__APP__/web:latest'
const movingApp = webApp({ version: '1', environment: { START_DELAY_MS: '$DELAY' } }).replace(
  testAppImage('1'),
  MOVING,
)

describe('a rollback brings back exactly what ran', () => {
  let box: Sandbox
  let traffic: Traffic

  const retag = (version: string) =>
    box.docker(['tag', testAppImage(version), MOVING.replace('__APP__', box.app)])
  const activeRelease = async () => {
    const { active, colors } = await statusOf(box)
    return active === undefined ? undefined : colors[active].release
  }
  const environmentOf = async (color: string) => {
    const [web] = await containersOf(box, `${box.app}-${color}`)
    return JSON.parse(await box.docker(['inspect', '-f', '{{json .Config.Env}}', web?.id ?? '']))
  }

  beforeAll(async () => {
    box = await createSandbox({ compose: movingApp, files: { '.env': 'DELAY=1\n' } })
    await retag('1')
    await succeed(box, PERFORM)
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    await retag('2')
    box.write('.env', 'DELAY=2\n')
    await succeed(box, [...PERFORM, '--auto-cleanup'])
    expect((await box.get('/')).body).toBe('hello from 2\n')
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  test('a stopped color starts again with the image and the environment it had', async () => {
    box.write('.env', 'DELAY=3\n')
    box.write('compose.yaml', 'services: {}\n')
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: true, way: 'from-snapshot' } })
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(await environmentOf('blue')).toContain('START_DELAY_MS=1')
  })

  test('a rollback of the rollback goes forward again', async () => {
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 2\n')
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 1\n')
  })

  test('an older release comes up in the idle color, as a release of its own', async () => {
    const [first = ''] = snapshotsOf(box)
    box.write('compose.yaml', movingApp)
    await retag('2')
    await succeed(box, PERFORM)
    box.write('.env', 'DELAY=4\n')
    await succeed(box, PERFORM)
    expect((await statusOf(box)).active).toBe('blue')
    expect((await box.get('/')).body).toBe('hello from 2\n')
    await succeed(box, ['rollback', '--to', first])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    const release = (await activeRelease()) ?? ''
    expect(release).toMatch(/^green-/)
    expect(metadataOf(box, release)).toMatchObject({ color: 'green', restoredFrom: first })
    expect(await environmentOf('green')).toContain('START_DELAY_MS=1')
  })

  test('and the way back from there leads to the release before it', async () => {
    await succeed(box, ['rollback'])
    expect((await box.get('/')).body).toBe('hello from 2\n')
    expect(await environmentOf('blue')).toContain('START_DELAY_MS=4')
  })

  test('a release that no longer gets healthy is refused, and users stay', async () => {
    const [first = ''] = snapshotsOf(box)
    const release = await activeRelease()
    box.write('upgrade.yaml', 'health:\n  path: /no-such-page\n  body: never said\n  timeout: 2s\n')
    const ran = await box.upgrade(['rollback', '--to', first])
    box.write('upgrade.yaml', '{}\n')
    expect(ran.code, ran.stderr).toBe(5)
    expect(ran.stderr).toMatch(/blue still serves/)
    expect(await activeRelease()).toBe(release)
    expect(await heldTags(box)).toHaveLength(snapshotsOf(box).length + 1)
  })

  test('one whose image lost the name it was held by gets it back', async () => {
    const [first = ''] = snapshotsOf(box)
    await box.docker(['rmi', metadataOf(box, first).images[0]?.tag ?? ''])
    await succeed(box, ['rollback', '--to', first])
    expect((await box.get('/')).body).toBe('hello from 1\n')
  })

  test('no request failed meanwhile', async () => {
    await expectNoneFailed(traffic)
  })
})
