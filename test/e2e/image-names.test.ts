import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { webApp } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { containersOf, metadataOf, statusOf } from '../support/observe.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { testAppImage } from '../support/setup/images.ts'
import { freePort } from '../support/until.ts'

const REGISTRY = fileURLToPath(new URL('../support/programs/registry.mjs', import.meta.url))
const PERFORM = ['perform', '--auto-switch', '--auto-cleanup']

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

  test('is given back to plain Compose under that name', async () => {
    await unname()
    const { stderr } = await succeed(box, ['eject', '--yes'])
    expect(stderr).toContain(`${reference} of web had lost its name; it has it back`)
    expect((await containersOf(box, box.app)).map(({ state }) => state)).toEqual(['running'])
    expect(await body()).toBe('hello from 2\n')
  })
})
