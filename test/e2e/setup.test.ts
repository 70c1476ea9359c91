import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageFromSetup } from '../support/apps.ts'
import { createPrivateEngine, type PrivateEngine } from '../support/private-engine.ts'
import { must, run } from '../support/run.ts'
import { recipes } from '../support/setup/image-recipes.ts'

const REGISTRY = fileURLToPath(new URL('../support/programs/registry.mjs', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SETUP = 'test/support/setup/main.ts'
// Beside the engine, where nothing else listens.
const PORT = '5000'

const LOCAL = {
  proxy: imageFromSetup('PROXY_IMAGE'),
  node: imageFromSetup('NODE_IMAGE'),
  redis: imageFromSetup('REDIS_IMAGE'),
  postgres: imageFromSetup('POSTGRES_IMAGE'),
}

describe('the set-up of the tests, where Docker is there and images can be pulled', () => {
  let engine: PrivateEngine
  let folder: string
  let registry: ChildProcess

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vt-setup-'))
    const published = await Promise.all(
      Object.entries(LOCAL).map(async ([name, image]) => {
        const saved = join(folder, name)
        mkdirSync(saved)
        await must('sh', ['-c', `docker save ${image} | tar -x -C ${saved}`])
        return `library/${recipes[name as keyof typeof recipes].pulled}=${saved}`
      }),
    )
    engine = await createPrivateEngine([], { mirror: `http://127.0.0.1:${PORT}` })
    const [program = '', ...argv] = engine.inside
    registry = spawn(program, [...argv, process.execPath, REGISTRY, PORT, ...published])
    if (registry.stdout) await once(registry.stdout, 'data')
  })
  afterAll(async () => {
    registry?.kill('SIGKILL')
    await engine?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const setUp = async () => {
    const env = { ...process.env, ...engine.env, XDG_CACHE_HOME: folder }
    const ran = await run(process.execPath, ['--import', 'tsx', SETUP], { cwd: ROOT, env })
    expect(ran.code, ran.stderr).toBe(0)
    return ran.stdout.trimEnd().split('\n')
  }
  const names = Object.values(recipes).map(({ pulled }) => pulled)
  const ready = `Ready: ${names.join(', ')}`

  test('pulls by the official names, and neither installs anything nor makes an image of packages', async () => {
    const testApps = 'Build verdigris.local/test-app:1 and verdigris.local/test-app:2'
    expect(await setUp()).toEqual([
      ...names.map((name) => `Pull ${name} …`),
      `${testApps} …`,
      expect.stringMatching(new RegExp(`^${testApps}: done in `)),
      ready,
    ])
  })

  test('and a second run does nothing', async () => {
    expect(await setUp()).toEqual([ready])
  })
})

test.each([
  ['the set-up', ['--import', 'tsx', SETUP]],
  ['the demo', ['--import', 'tsx', 'test/support/demo.ts']],
  ['a run of the tests', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e']],
])('%s that may not install an engine tells what to run and ends with 3', async (_, words) => {
  const { FORCE_COLOR, ...inherited } = process.env
  // Nothing listens there: to the set-up it is another machine, on which it installs nothing.
  const env = { ...inherited, DOCKER_HOST: 'tcp://127.0.0.1:1' }
  const ran = await run(process.execPath, words, { cwd: ROOT, env })
  expect(ran.code, ran.stderr).toBe(3)
  expect(ran.stderr).toBe(
    'DOCKER_HOST is tcp://127.0.0.1:1, and no engine answers there.\nRun by hand:\n  unset DOCKER_HOST\n',
  )
})
