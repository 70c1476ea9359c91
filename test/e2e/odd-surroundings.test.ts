import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode } from '../support/expect.ts'
import { type Ran, run } from '../support/run.ts'
import { createSandbox, PROGRAM, type Sandbox } from '../support/sandbox.ts'

const MISTAKE = /mistake of Verdigris|at .*\.(?:cjs|ts):\d+/

describe('surroundings that nobody thought of are no mistake of the program', () => {
  let box: Sandbox
  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
  })
  afterAll(() => box?.remove())

  /** The program, `"$@"` in a script, in the folder of the app. */
  const inShell = (script: string, words: readonly string[]): Promise<Ran> =>
    run('sh', ['-c', script, 'sh', process.execPath, PROGRAM, ...words], {
      cwd: box.folder,
      env: box.env,
      timeoutMs: 60_000,
    })

  test.each([
    [['--help']],
    [['status']],
    [['status', '--json']],
    [['history']],
    [['plan', '--json']],
    [['plan', '--help']],
  ])('upgrade %j whose disk is full says that its words were lost', async (words) => {
    const ran = await inShell('"$@" > /dev/full', words)
    expect(ran.stderr).toContain('The output could not be written where it was sent to.')
    expect(ran.stderr.match(/ENOSPC: no space left on device/g)).toHaveLength(1)
    expect(ran.code).toBe(5)
  })

  test.each([[['--help']], [['status', '--json']]])(
    'upgrade %j whose reader is gone is content',
    async (words) => {
      const ran = await inShell('{ "$@"; echo "ended with $?" >&2; } | true', words)
      expect(ran.stderr).toBe('ended with 0\n')
    },
  )

  test('a folder of no app is told to who asks how it stands', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'nowhere-'))
    try {
      for (const words of [['status'], ['status', '--json'], ['history']]) {
        const ran = await expectCode(3, box, ['-C', elsewhere, ...words])
        const told = (ran.stderr + ran.stdout).replaceAll(/\s+/g, ' ')
        expect(told).toContain(`There is no compose file in ${elsewhere}.`)
        expect(told).toContain(`Nothing is recorded of an app in ${elsewhere}/deployments.`)
        expect(told).toContain('upgrade -C path/to/your/app status')
      }
      mkdirSync(join(elsewhere, 'deployments'), { mode: 0o700 })
      writeFileSync(join(elsewhere, 'deployments/active'), 'blue\n', { mode: 0o600 })
      for (const command of ['status', 'history']) await expectCode(0, box, ['-C', elsewhere, command])
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  test('a doctor in a folder of no app says once that there is no compose file', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'nowhere-'))
    try {
      const { stdout } = await expectCode(8, box, ['-C', elsewhere, 'doctor'])
      expect(stdout.match(/There is no compose file/g)).toHaveLength(1)
      expect(stdout).toMatch(/Networks +Not checked: see Compose file\./)
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  test('a folder that was removed under the feet', async () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    const ran = await inShell(script, ['status'])
    expect(ran.stderr).toContain('The folder you are in was removed.')
    expect(ran.code).toBe(2)
    expect((await inShell(script, ['-C', box.folder, 'config'])).code).toBe(0)
  })

  test.each([
    ['a file', 'compose.yaml'],
    ['nothing', 'nowhere'],
    ['more than a name may be', 'x'.repeat(5_000)],
  ])('-C with %s', async (_, name) => {
    const ran = await expectCode(2, box, ['-C', name, 'status'])
    expect(ran.stderr).toContain('There is no folder')
  })

  test('a folder named docker in PATH', async () => {
    mkdirSync(join(box.folder, 'docker'))
    const env = { PATH: `.:${process.env.PATH}` }
    expect((await box.upgrade(['plan'], { env })).stderr).toBe('')
    rmSync(join(box.folder, 'docker'), { recursive: true })
  })

  test.each([
    [{ DOCKER_HOST: 'somewhere else' }, /somewhere else/],
    [{ DOCKER_HOST: 'tcp://127.0.0.1:1' }, /127\.0\.0\.1:1/],
    [{ DOCKER_HOST: 'ssh://nobody@127.0.0.1:1' }, /Docker does not answer/],
    [{ DOCKER_CONTEXT: 'typo' }, /context "typo"/],
  ])('%j leads to no engine, and is told by every command', async (named, says) => {
    const env = { DOCKER_HOST: undefined, ...named }
    for (const command of [['status'], ['verify'], ['plan'], ['perform'], ['cleanup'], ['proxy', 'start']]) {
      const ran = await box.upgrade(command, { env })
      expect(ran.stderr).toMatch(/Docker does not answer\.|refuses the compose file/)
      expect(ran.stderr).toMatch(says)
      expect(ran.stderr).not.toMatch(MISTAKE)
      expect(ran.stderr).not.toContain('Warning')
    }
    const doctor = await box.upgrade(['doctor'], { env })
    expect(doctor.stdout).toMatch(says)
    expect(doctor.code).toBe(8)
  })

  test('a PATH without docker', async () => {
    const env = { PATH: '/nowhere' }
    for (const command of ['verify', 'plan', 'perform']) {
      const ran = await box.upgrade([command], { env })
      expect(ran.code).toBe(5)
      expect(ran.stderr).toContain('The docker command is not in PATH.')
    }
  })

  test('one of a kind, which doctor counts as one', async () => {
    const { stdout } = await box.upgrade(['doctor'])
    expect(stdout).toMatch(/ 1 service; /)
    expect(stdout).not.toMatch(/\b1 \w+s\b/)
  })

  test('a question that nobody can be asked is told with the very command that needs none', async () => {
    const { stderr } = await expectCode(2, box, ['cleanup', 'green', '--remove'])
    expect(stderr).toContain('→ upgrade cleanup green --remove --yes')
    expect((await box.upgrade(['proxy', 'stop'])).stderr).toContain('→ upgrade proxy stop --yes')
  })
})
