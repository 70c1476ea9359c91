import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { imageFromSetup, webApp } from '../support/apps.ts'
import type { Ran } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

/** What every refusal tells: what happened, what users saw, what to do next. */
function expectKind(ran: Ran, { code, says }: { code: number; says: RegExp[] }): void {
  for (const pattern of says) expect(ran.stderr).toMatch(pattern)
  expect(ran.stderr).toContain('✖')
  expect(ran.stderr).toContain('→')
  expect(ran.code).toBe(code)
}

describe('before anything was ever deployed', () => {
  let box: Sandbox
  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
  })
  afterEach(async () => {
    const made = await box.docker(['ps', '-aq', '--filter', `name=${box.app}`])
    expect(made.trim()).toBe('')
    box.write('compose.yaml', webApp({ version: '1' }))
    rmSync(join(box.folder, 'upgrade.yaml'), { force: true })
  })
  afterAll(async () => {
    await box?.remove()
  })

  test('a folder without a compose file is refused with 3', async () => {
    rmSync(join(box.folder, 'compose.yaml'))
    expectKind(await box.upgrade(['perform']), { code: 3, says: [/compose file/i] })
  })

  test('a compose file that Compose refuses is refused with 3, in the words of Compose', async () => {
    box.write('compose.yaml', 'services:\n  web:\n    imagee: nope\n')
    expectKind(await box.upgrade(['perform']), { code: 3, says: [/imagee/] })
  })

  test('a compose file without any port is refused with 3, and what to write', async () => {
    box.write('compose.yaml', 'services:\n  web:\n    image: verdigris.local/test-app:1\n')
    expectKind(await box.upgrade(['perform']), { code: 3, says: [/ports/] })
  })

  test('everything wrong in upgrade.yaml is told at once, with its place', async () => {
    box.write('upgrade.yaml', 'rollback_limit: many\nhealth:\n  timeout: -5\n  pathh: /up\n')
    const ran = await box.upgrade(['perform'])
    expectKind(ran, {
      code: 3,
      says: [/upgrade\.yaml:1:\d+/, /upgrade\.yaml:3:\d+/, /upgrade\.yaml:4:\d+/, /\^/, /path/],
    })
  })

  const pipe = (path: string) => {
    execFileSync('mkfifo', [path])
  }
  const link = (to: string) => (path: string) => symlinkSync(to, path)
  test.each<[name: string, kind: string, make: (path: string) => void]>([
    ['upgrade.yaml', 'a named pipe', pipe],
    ['upgrade.yaml', 'a symbolic link that leads nowhere', link('nowhere')],
    ['upgrade.yaml', 'a folder', (path) => void mkdirSync(path)],
    ['upgrade.yaml', 'a device', link('/dev/zero')],
    ['.env', 'a named pipe', pipe],
    ['compose.override.yaml', 'a symbolic link that leads nowhere', link('nowhere')],
    ['templates/site.conf.ejs', 'a named pipe', pipe],
  ])('%s that is %s is refused with 3, at once', async (name, kind, make) => {
    const path = join(box.folder, name)
    if (name.startsWith('templates')) {
      mkdirSync(join(box.folder, 'templates'))
      box.write('upgrade.yaml', 'templates: templates\n')
    }
    make(path)
    for (const command of name.startsWith('templates') ? ['perform'] : ['perform', 'plan', 'status'])
      expectKind(await box.upgrade([command], { timeoutMs: 20_000 }), {
        code: 3,
        says: [new RegExp(`${name} cannot be read as a file\\.\\s+It is ${kind}`)],
      })
    rmSync(path, { recursive: true })
  })

  test('an nginx that is too old is refused, with what a switch would cost and the version that has it', async () => {
    const image = `verdigris.local/${box.app}/nginx:1.18`
    box.write('old/nginx', '#!/bin/sh\necho "nginx version: nginx/1.18.0" >&2\n')
    chmodSync(join(box.folder, 'old/nginx'), 0o755)
    box.write('old/Dockerfile', `FROM ${imageFromSetup('PROXY_IMAGE')}\nCOPY nginx /usr/local/sbin/nginx\n`)
    await box.docker(['build', '-q', '-t', image, 'old'])
    const env = { PROXY_IMAGE: image }
    const says = [/nginx 1\.18\.0/, /1\.27\.4[\s\S]*breaks requests/, /HTTP\/2 needs nginx\s+1\.25\.1/]
    expectKind(await box.upgrade(['perform'], { env }), { code: 5, says })
    const doctor = await box.upgrade(['doctor'], { env })
    for (const pattern of says) expect(doctor.stdout).toMatch(pattern)
    expect(doctor.code).toBe(8)
  })

  test('a setting for a service that does not exist is refused with 3', async () => {
    box.write('upgrade.yaml', 'services:\n  wob:\n    class: shared\n')
    expectKind(await box.upgrade(['perform']), { code: 3, says: [/wob/, /web/, /upgrade\.yaml:2:3/] })
  })

  test('a port that another process has is refused with 5, naming the process', async () => {
    const server = createServer().listen(box.port, '0.0.0.0')
    try {
      const says = [new RegExp(`${box.port}`), new RegExp(`node.*${process.pid}`, 'i')]
      expectKind(await box.upgrade(['perform', '--auto-switch']), { code: 5, says })
    } finally {
      server.close()
    }
  })

  test('an image that does not exist is refused with 5, naming it', async () => {
    box.write(
      'compose.yaml',
      webApp({ version: '1' }).replace(/image: .*/, 'image: verdigris.local/no-such:9'),
    )
    expectKind(await box.upgrade(['perform', '--auto-switch']), {
      code: 5,
      says: [/verdigris\.local\/no-such:9/],
    })
  })

  test('a build that fails is refused with 5, with its output', async () => {
    box.write('Dockerfile', 'FROM verdigris.local/test-app:1\nRUN ["/no/such/program"]\n')
    box.write('compose.yaml', webApp({ version: '1' }).replace(/image: .*/, 'build: .'))
    expectKind(await box.upgrade(['perform', '--auto-switch']), {
      code: 5,
      says: [/build/i, /no\/such\/program/],
    })
  })

  test.each([['switch', 'purple']])('%s %s is wrong usage', async (...args) => {
    expectKind(await box.upgrade(args), { code: 2, says: [/purple/, /blue/] })
  })

  test('an unknown command is wrong usage, with a suggestion', async () => {
    const ran = await box.upgrade(['preform'])
    expect(ran.stderr).toContain('perform')
    expect(ran.code).toBe(2)
  })

  test('switch and rollback before the first deployment say that there is nothing yet', async () => {
    expect((await box.upgrade(['switch', 'green'])).code).toBe(5)
    expect((await box.upgrade(['rollback'])).code).toBe(5)
  })

  test('a deployments folder that cannot be written is refused with 5', async () => {
    box.write('a-file', '')
    const says = [/a-file/]
    const env = { DEPLOYMENT_DIR: join(box.folder, 'a-file') }
    expectKind(await box.upgrade(['perform', '--auto-switch'], { env }), { code: 5, says })
  })

  test('an engine that does not run is refused with 5', async () => {
    const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
    expectKind(await box.upgrade(['perform', '--auto-switch'], { env }), { code: 5, says: [/docker/i] })
  })

  /** A folder with a docker in it that does something else than the real one, `$real`, for some of its commands. */
  async function withDocker<T>(cases: string, work: (env: { PATH: string }) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'vt-fake-docker-'))
    const fake = join(folder, 'docker')
    const real = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim()
    writeFileSync(fake, `#!/bin/sh\nreal=${real}\ncase "$1 $2" in ${cases} esac\nexec $real "$@"\n`)
    chmodSync(fake, 0o755)
    try {
      return await work({ PATH: `${folder}:${process.env.PATH}` })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test.each([
    [
      'without the Compose plugin',
      'echo "docker: \'compose\' is not a docker command." >&2; exit 1',
      /compose/i,
    ],
    ['with a Compose that is too old', 'echo 2.10.0; exit 0', /2\.10\.0[\s\S]*2\.20/],
  ])('a docker %s is refused with 5', async (_, script, says) => {
    await withDocker(`compose*) ${script};;`, async (env) =>
      expectKind(await box.upgrade(['perform', '--auto-switch'], { env }), { code: 5, says: [says] }),
    )
  })

  test('what is refused while nginx is asked for its version leaves no container of that', async () => {
    const image = `verdigris.local/${box.app}/nginx:asked`
    await box.docker(['tag', imageFromSetup('PROXY_IMAGE'), image])
    const made = join(box.folder, 'made')
    // Docker is slow to start what it made, and Compose is found to be too old meanwhile.
    const cases = `
      'run '*) shift; $real create "$@" >${made}.part; mv ${made}.part ${made}; sleep 0.5; exec $real start -a "$(cat ${made})";;
      'compose version') until [ -e ${made} ]; do sleep 0.01; done; echo 2.10.0; exit;;`
    await withDocker(cases, async (env) => {
      const ran = await box.upgrade(['perform'], { env: { ...env, PROXY_IMAGE: image } })
      expectKind(ran, { code: 5, says: [/2\.10\.0/] })
    })
    const id = readFileSync(made, 'utf8').trim()
    await until(async () => !(await box.docker(['ps', '-aq', '--no-trunc'])).includes(id))
  })
})
