import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageFromSetup, SHOP_FILES, shop, webApp } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { containersOf, heldTags, metadataOf, statusOf } from '../support/observe.ts'
import { createPrivateEngine, type PrivateEngine } from '../support/private-engine.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'
import { freePort } from '../support/until.ts'

const REGISTRY = fileURLToPath(new URL('../support/programs/registry.mjs', import.meta.url))
const PERFORM = ['perform', '--auto-switch', '--auto-cleanup']

describe('images that somebody removes between two releases', () => {
  let engine: PrivateEngine
  let box: Sandbox
  let registry: ChildProcess | undefined
  let traffic: Traffic
  /** What the registry has. */
  let published: string

  beforeAll(async () => {
    engine = await createPrivateEngine([imageFromSetup('PROXY_IMAGE'), testAppImage('1'), testAppImage('2')])
    box = await createSandbox({ engine, compose: webApp({ version: '1' }) })
    await publish(testAppImage('2'))
    await succeed(box, PERFORM)
    traffic = startTraffic({ port: box.port, connections: 2, mode: 'keep-alive', maxMs: 150_000 })
    box.write('compose.yaml', webApp({ version: '2' }).replace(testAppImage('2'), published))
    await succeed(box, PERFORM)
  })
  afterAll(async () => {
    await traffic?.stop()
    registry?.kill('SIGKILL')
    await engine?.remove()
    await box?.remove()
  })

  /** Starts a registry beside the engine that has one image. */
  const publish = async (image: string) => {
    const folder = join(box.folder, 'registry')
    mkdirSync(folder)
    await must('sh', ['-c', `docker save ${image} | tar -x -C ${folder}`])
    const port = await freePort()
    const [program = '', ...argv] = engine.inside
    registry = spawn(program, [...argv, process.execPath, REGISTRY, String(port), `shop/web:2=${folder}`])
    if (registry.stdout) await once(registry.stdout, 'data')
    published = `127.0.0.1:${port}/shop/web:2`
  }
  const prune = () => box.docker(['image', 'prune', '-a', '-f'])
  const isContainerdStore = async () =>
    (await box.docker(['info', '--format', '{{json .DriverStatus}}'])).includes('io.containerd.snapshotter')
  const saidBy = async (command: string) => (await box.upgrade([command])).stdout.replaceAll(/\s+/g, ' ')
  const body = async () => (await box.get('/')).body
  const releaseIn = async (color: 'blue' | 'green') => (await statusOf(box)).colors[color].release ?? ''
  const standbyStands = async () =>
    (await containersOf(box, `${box.app}-blue`)).every(({ state }) => state === 'exited')

  test('`docker image prune -a` takes names, and a stopped standby starts again by its own', async () => {
    const first = await releaseIn('blue')
    expect(await standbyStands()).toBe(true)
    // The classic image store leaves an image in use one of its names, whichever comes last; containerd's that by which
    // its container was made, and nothing of an image that has lost this one.
    if (!(await isContainerdStore())) await box.docker(['rmi', metadataOf(box, first).images[0]?.tag ?? ''])
    await prune()
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: true, way: 'from-snapshot', pulls: [] } })
    await succeed(box, ['rollback'])
    expect(await body()).toBe('hello from 1\n')
    expect(await heldTags(box)).toContain(metadataOf(box, first).images[0]?.tag)
  })

  test('one that is gone with its standby is pulled again by its digest', async () => {
    await succeed(box, ['cleanup', 'green', '--remove', '--yes'])
    await prune()
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: true, pulls: [published] } })
    expect(await saidBy('status')).toContain(`once ${published} is pulled again`)
    const { stderr } = await succeed(box, ['rollback'])
    expect(stderr).toContain(`Pulling ${published} of web again`)
    expect(await body()).toBe('hello from 2\n')
  })

  test('one that no registry has is named as gone before anybody needs it', async () => {
    await succeed(box, ['cleanup', 'blue', '--remove', '--yes'])
    const { rollback } = await statusOf(box)
    expect(rollback).toMatchObject({ ready: true })
    await prune()
    const failure = { code: 'images-gone', images: [testAppImage('1')] }
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: false, failure } })
    expect(await saidBy('status')).toContain(`Missing: ${testAppImage('1')}.`)
    expect(await saidBy('doctor')).toContain(`gone: ${testAppImage('1')} of blue-`)
    await expectCode(3, box, ['rollback'])
    expect(await body()).toBe('hello from 2\n')
  })

  test('no request failed meanwhile', () => expectNoneFailed(traffic))
})

describe('`docker system prune -a` between two releases', () => {
  let engine: PrivateEngine
  let box: Sandbox

  beforeAll(async () => {
    const images = [imageFromSetup('PROXY_IMAGE'), imageFromSetup('REDIS_IMAGE')]
    engine = await createPrivateEngine([...images, testAppImage('1'), testAppImage('2')])
    box = await createSandbox({
      engine,
      compose: shop({ version: '1' }),
      files: { ...SHOP_FILES, 'upgrade.yaml': 'services: {worker: {class: singleton}}' },
    })
    await succeed(box, ['perform', '--auto-switch'])
    box.write('compose.yaml', shop({ version: '2' }))
    await succeed(box, ['perform', '--auto-switch'])
  })
  afterAll(async () => {
    await engine?.remove()
    await box?.remove()
  })

  const prune = () => box.docker(['system', 'prune', '-a', '-f'])
  const releaseIn = async (color: 'blue' | 'green') => (await statusOf(box)).colors[color].release ?? ''
  const runningIn = async (color: string) =>
    (await containersOf(box, `${box.app}-${color}`))
      .flatMap(({ service, state }) => (state === 'running' ? [service] : []))
      .sort()

  test('takes the worker that waits in the warm color, which a rollback makes anew', async () => {
    await prune()
    // Which of its names an image keeps differs between engines: that of the worker shall be none of them.
    const known = await releaseIn('blue')
    const { id = '', tag = '' } =
      metadataOf(box, known).images.find(({ service }) => service === 'worker') ?? {}
    await box.docker(['tag', id, 'kept:1'])
    await box.docker(['rmi', tag]).catch(() => {})
    expect(await heldTags(box)).not.toContain(tag)
    expect((await containersOf(box, `${box.app}-blue`)).map(({ service }) => service)).toEqual(['web'])
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: true, way: 'warm' }, drift: [] })
    await succeed(box, ['rollback'])
    expect([await runningIn('blue'), await runningIn('green')]).toEqual([['web', 'worker'], ['web']])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect((await statusOf(box)).drift).toEqual([])
    expect(await heldTags(box)).toContain(tag)
    await box.docker(['rmi', 'kept:1'])
  })

  test('takes a stopped color with its networks and images, and what is gone with it is named', async () => {
    await succeed(box, ['cleanup', 'green'])
    await prune()
    const failure = { code: 'images-gone', images: [testAppImage('2')] }
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: false, failure }, drift: [] })
    await expectCode(3, box, ['rollback'])
    expect((await box.get('/count')).status).toBe(200)
    expect(await runningIn('blue')).toEqual(['web', 'worker'])
  })
})
