import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
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
  const saidBy = async (command: string) => (await box.upgrade([command])).stdout.replaceAll(/\s+/g, ' ')
  const body = async () => (await box.get('/')).body
  const releaseIn = async (color: 'blue' | 'green') => (await statusOf(box)).colors[color].release ?? ''
  const standbyStands = async () =>
    (await containersOf(box, `${box.app}-blue`)).every(({ state }) => state === 'exited')

  test('`docker image prune -a` takes names, and a stopped standby starts again by its own', async () => {
    const first = await releaseIn('blue')
    expect(await standbyStands()).toBe(true)
    // It leaves an image in use one of its names, whichever comes last.
    await box.docker(['rmi', metadataOf(box, first).images[0]?.tag ?? ''])
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
  const runningIn = async (color: string) =>
    (await containersOf(box, `${box.app}-${color}`))
      .flatMap(({ service, state }) => (state === 'running' ? [service] : []))
      .sort()

  test('takes the worker that waits in the warm color, which a rollback makes anew', async () => {
    await prune()
    expect((await containersOf(box, `${box.app}-blue`)).map(({ service }) => service)).toEqual(['web'])
    expect(await statusOf(box)).toMatchObject({ rollback: { ready: true, way: 'warm' }, drift: [] })
    await succeed(box, ['rollback'])
    expect([await runningIn('blue'), await runningIn('green')]).toEqual([['web', 'worker'], ['web']])
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect((await statusOf(box)).drift).toEqual([])
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

describe('an image that lost its name between two releases, and is still held', () => {
  let box: Sandbox
  let registry: ChildProcess | undefined
  let port: number
  let reference: string
  let releases = 0

  beforeAll(async () => {
    box = await createSandbox()
    port = await freePort()
    reference = `127.0.0.1:${port}/${box.app}/web:1`
    await box.docker(['tag', testAppImage('1'), reference])
    release()
    await succeed(box, PERFORM)
  })
  afterAll(async () => {
    registry?.kill('SIGKILL')
    await box?.docker(['rmi', reference]).catch(() => {})
    await box?.remove()
  })

  /** Another release that asks for the same image. */
  const release = (policy?: string) => {
    releases += 1
    const { services } = parse(webApp({ version: '1', environment: { NUMBER: String(releases) } }))
    const web = { ...services.web, image: reference, ...(policy && { pull_policy: policy }) }
    box.write('compose.yaml', stringify({ services: { web } }))
  }
  const unname = () => box.docker(['rmi', reference])
  const body = async () => (await box.get('/')).body
  const digest = async () => {
    const { active, colors } = await statusOf(box)
    return metadataOf(box, colors[active ?? 'blue'].release ?? '').images[0]?.digest
  }

  test.each([[undefined], ['never']])(
    'has it back where nobody else has it (pull_policy: %s)',
    async (policy) => {
      await unname()
      release(policy)
      const { stderr } = await succeed(box, PERFORM)
      expect(stderr).toContain(`${reference} of web had lost its name; it has it back`)
      expect(/could not be pulled: .*refused/.test(stderr)).toBe(policy === undefined)
      expect(await body()).toBe('hello from 1\n')
      await box.docker(['image', 'inspect', reference])
    },
  )

  test('has it not where the compose file wants it from the registry', async () => {
    await unname()
    release('always')
    const { stderr } = await expectCode(5, box, PERFORM)
    expect(stderr).toContain(reference)
    await expect(box.docker(['image', 'inspect', reference])).rejects.toThrow(/No such image/)
    expect(await body()).toBe('hello from 1\n')
  })

  test('is pulled where a registry has one of that name', async () => {
    const folder = join(box.folder, 'registry')
    mkdirSync(folder)
    await must('sh', ['-c', `docker save ${testAppImage('2')} | tar -x -C ${folder}`])
    const argv = [REGISTRY, String(port), `${box.app}/web:1=${folder}`]
    registry = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
    if (registry.stdout) await once(registry.stdout, 'data')
    release()
    const { stderr } = await succeed(box, PERFORM)
    expect(stderr).not.toContain('lost its name')
    expect(await body()).toBe('hello from 2\n')
  })

  test('is known to come from there once it is named again', async () => {
    const pulled = await digest()
    expect(pulled).toContain('@sha256:')
    registry?.kill('SIGKILL')
    await unname()
    release()
    const { stderr } = await succeed(box, PERFORM)
    expect(stderr).toContain('lost its name')
    expect(await digest()).toBe(pulled)
    release()
    expect((await succeed(box, PERFORM)).stderr).toContain(
      'could not be pulled; the one that is here is used',
    )
  })
})
