import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { historyOf, leftoversOf, statusOf } from '../support/observe.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic } from '../support/traffic.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']
const LOOK = ['status', '--exit-code']

describe('whatever becomes of the proxy', () => {
  let box: Sandbox
  let container: string
  let volume: string

  // A small disk of its own holds the proxy's files, so that it can be full.
  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    container = `${box.app}-proxy-nginx-1`
    volume = join(box.folder, 'volume')
    mkdirSync(volume)
    await must('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'vt', volume])
    const project = `${box.app}-proxy`
    const labels = [`com.docker.compose.project=${project}`, 'com.docker.compose.volume=config']
    const options = ['type=none', 'o=bind', `device=${volume}`]
    await box.docker([
      ...['volume', 'create', ...labels.flatMap((label) => ['--label', label])],
      ...[...options.flatMap((option) => ['--opt', option]), `${project}_config`],
    ])
    await succeed(box, PERFORM)
    release('2')
    await succeed(box, PERFORM)
  })
  afterAll(async () => {
    await box?.docker(['rm', '-f', container])
    await must('umount', [volume])
    await box?.remove()
  })

  const release = (version: string, NUMBER = '0') =>
    box.write('compose.yaml', webApp({ version, environment: { NUMBER } }))
  const answers = async (body: string) => {
    await until(async () => (await box.get('/')).body === body)
    await succeed(box, LOOK)
  }

  test('its disk is full: the run ends with 5 before the line, and users stay', async () => {
    const before = await leftoversOf(box)
    const traffic = startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: 60_000 })
    release('1', '1')
    expect(() => writeFileSync(join(volume, 'fill'), Buffer.alloc(2 ** 20))).toThrow(/ENOSPC/)
    const ran = await box.upgrade(PERFORM)
    rmSync(join(volume, 'fill'))
    expect(ran.code, ran.stderr).toBe(5)
    expect(ran.stderr).toMatch(/no space left on the disk/)
    expect(ran.stderr).toMatch(/Users were not affected: green still serves/)
    await expectNoneFailed(traffic, { atLeast: 50 })
    // Standing by was blue, the release before: it stands by again.
    expect(await leftoversOf(box)).toEqual(before)
    await answers('hello from 2\n')
  })

  test('nginx takes no new configuration though its reload exits 0: users stay, and miss nothing', async () => {
    release('1', '1')
    const taken = '9555'
    const conf = `events {} pid /tmp/other.pid; http { server { listen ${taken}; } }`
    await must('docker', ['exec', '-i', container, 'sh', '-c', 'cat > /tmp/other.conf'], { input: conf })
    await box.docker(['exec', '-d', container, 'nginx', '-c', '/tmp/other.conf', '-g', 'daemon off;'])
    await until(() => box.docker(['exec', container, 'cat', '/tmp/other.pid']))
    box.write('upgrade.yaml', 'templates: templates\n')
    const template = await must('cat', [join(import.meta.dirname, '../../templates/site.conf.ejs')])
    box.write('templates/site.conf.ejs', `${template}\nserver { listen ${taken}; }\n`)
    const traffic = startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: 60_000 })
    const ran = await expectCode(5, box, PERFORM)
    expect(ran.stderr).toMatch(/nginx went on with its old configuration/)
    expect(ran.stderr).toMatch(/Users were not affected: green still serves[\s\S]*→/)
    await expectNoneFailed(traffic, { atLeast: 50 })
    rmSync(join(box.folder, 'upgrade.yaml'))
    await box.docker(['exec', container, 'sh', '-c', 'kill $(cat /tmp/other.pid)'])
    await answers('hello from 2\n')
  })

  test('it is paused: every command says within seconds that users get no answer, and --fix mends it', async () => {
    await box.docker(['pause', container])
    expect((await expectCode(8, box, LOOK)).stdout).toMatch(
      /Users get no answer: the proxy runs but does not/,
    )
    for (const args of [PERFORM, ['switch', 'blue'], ['rollback'], ['maintenance', 'on']]) {
      const ran = await box.upgrade(args)
      expect([ran.code, args]).toEqual([5, args])
      expect(ran.stderr).toMatch(/is paused[\s\S]*users get no answer until[\s\S]*→/)
    }
    await succeed(box, ['doctor', '--fix'])
    expect((await statusOf(box)).maintenance).toBe(false)
    await answers('hello from 2\n')
    await box.docker(['pause', container])
    await succeed(box, ['proxy', 'start'])
    await answers('hello from 2\n')
  })

  test('its master process is killed: it comes back by itself, with the same users on the same color', async () => {
    await must('kill', ['-9', (await box.docker(['inspect', '-f', '{{.State.Pid}}', container])).trim()])
    await until(async () => (await box.get('/')).status === 200)
    await answers('hello from 2\n')
    await succeed(box, ['switch', 'blue'])
    await answers('hello from 1\n')
    await succeed(box, ['rollback'])
  })

  test('it is killed as nobody should: that is told, and --fix starts it', async () => {
    await box.docker(['kill', container])
    const seen = await expectCode(8, box, ['doctor'])
    expect(seen.stdout).toMatch(/✖ +Records[\s\S]*Users get no answer: the proxy is stopped/)
    await succeed(box, ['doctor', '--fix'])
    await answers('hello from 2\n')
  })

  test('another image is wanted: proxy start --recreate takes it, and keeps users on their color', async () => {
    const image = `verdigris.local/${box.app}/nginx:other`
    await box.docker(['tag', process.env.PROXY_IMAGE ?? '', image])
    const ran = await box.upgrade(['proxy', 'start', '--recreate'], { env: { PROXY_IMAGE: image } })
    expect(ran.code, ran.stderr).toBe(0)
    expect((await box.docker(['inspect', '-f', '{{.Config.Image}}', container])).trim()).toBe(image)
    await answers('hello from 2\n')
  })

  test('it is gone with all it had: the next upgrade first leads users back to what they were on', async () => {
    await box.docker(['rm', '-f', container])
    rmSync(join(volume, 'sites'), { recursive: true })
    rmSync(join(volume, 'nginx.conf'))
    release('1', '2')
    const { active } = await statusOf(box)
    expect(active).toBeUndefined()
    const running = box.beginUpgrade(PERFORM)
    // The new release is not healthy at once: until then its users are those of the old one.
    // While the proxy is made a connection may be taken and never answered.
    const served = async () => (await box.get('/', { timeoutMs: 500 })).body
    await until(async () => (await served()) === 'hello from 2\n', { timeoutMs: 60_000, everyMs: 20 })
    const ran = await running.ended
    expect(ran.code, ran.stderr).toBe(0)
    expect(ran.stderr).toMatch(/The proxy was gone, and is made again: it leads users to green/)
    await answers('hello from 1\n')
    expect(historyOf(box).at(-1)).toMatchObject({ from: 'green', to: 'blue', previous: expect.any(String) })
    await succeed(box, ['rollback'])
    await answers('hello from 2\n')
  })
})
