import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { splitModel } from '../../src/domain/split.ts'
import { renderModel } from '../../src/infra/store/model-yaml.ts'
import { splitInput } from '../domain/models.ts'
import { anyCompose } from '../domain/split/any-compose.ts'
import { must, run } from '../support/run.ts'

const PROGRAM = new URL('../../dist/main.cjs', import.meta.url).pathname

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vt-split-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}

describe('whatever is split', () => {
  test('Compose takes the color’s file, and reads of it what was written', async () => {
    const samples = fc.sample(anyCompose, { numRuns: 60, seed: 7 }).flatMap((model) => {
      const split = splitModel(splitInput({ model, routes: [] }))
      return 'refusals' in split || Object.keys(split.color.services).length < 3 ? [] : [split.color]
    })
    const chosen = samples.slice(0, 6)
    expect(chosen).toHaveLength(6)
    for (const [index, color] of chosen.entries()) {
      write({ [`${index}.yml`]: await renderModel(color) })
      const profiles = ['--profile', 'verdigris-job', '--profile', 'verdigris-singleton']
      const words = ['compose', '-f', join(dir, `${index}.yml`), ...profiles, 'config', '--format', 'json']
      const read = JSON.parse(await must('docker', words))
      expect(Object.keys(read.services).sort()).toEqual(Object.keys(color.services).sort())
      for (const [name, service] of Object.entries(color.services)) {
        expect(read.services[name].environment ?? {}).toEqual(service.environment ?? {})
      }
    }
  })
})

/** What `upgrade plan` refuses, as "file:line:column" of each. */
async function refusedBy(
  files: Record<string, string>,
  env: Record<string, string> = {},
): Promise<{ code: number; places: string[]; stderr: string }> {
  write(files)
  const { COMPOSE_FILE, COMPOSE_PROFILES, NODE_EXTRA_CA_CERTS, ...inherited } = process.env
  const { code, stderr } = await run(process.execPath, [PROGRAM, 'plan'], {
    cwd: dir,
    env: { ...inherited, NO_COLOR: '1', COMPOSE_PROJECT_NAME: 'vtsplit', ...env },
    timeoutMs: 120_000,
  })
  const places = [...stderr.matchAll(/^ {2}(\S+:\d+:\d+)$/gm)].map(([, place = '']) =>
    place.replace(`${dir}/`, ''),
  )
  return { code, places, stderr }
}

const WEB = 'web: {image: x, ports: ["18931:80"]}'

describe('what is refused in the files of a real project is found where it was written', () => {
  test.each<[string, Record<string, string>, string[], Record<string, string>?]>([
    [
      'behind a range of ports',
      {
        'compose.yaml':
          'services:\n  web:\n    image: x\n    ports:\n      - 18931-18932:80-81\n      - 9:9/udp\n',
      },
      ['compose.yaml:6:9'],
    ],
    [
      'in an override',
      {
        'compose.yaml': `services:\n  ${WEB}\n`,
        'compose.override.yaml': 'services:\n  web:\n    ports: ["9:9/udp"]\n',
      },
      ['compose.override.yaml:3:13'],
    ],
    [
      'in a file of COMPOSE_FILE',
      { 'a.yml': `services:\n  ${WEB}\n`, 'b.yml': 'services:\n  web:\n    network_mode: host\n' },
      ['b.yml:3:5'],
      { COMPOSE_FILE: 'a.yml:b.yml' },
    ],
    [
      'in what is extended',
      {
        'compose.yaml': `services:\n  ${WEB}\n  job: {extends: {file: base/b.yml, service: tool}}\n`,
        'base/b.yml': 'services:\n  tool:\n    image: x\n    ports: ["9:9/udp"]\n',
      },
      ['base/b.yml:4:13'],
    ],
    [
      'in what is included',
      {
        'compose.yaml': `include: [inc/c.yml]\nservices:\n  ${WEB}\n`,
        'inc/c.yml': 'services:\n  mail:\n    image: x\n    pid: container:y\n',
      },
      ['inc/c.yml:4:5'],
    ],
    [
      'in an active profile',
      {
        'compose.yaml': `services:\n  ${WEB}\n  debug:\n    image: x\n    profiles: [debug]\n    pid: container:y\n`,
      },
      ['compose.yaml:6:5'],
      { COMPOSE_PROFILES: 'debug' },
    ],
    [
      'by a value of .env',
      {
        'compose.yaml': `services:\n  ${WEB}\n  other:\n    image: x\n    network_mode: \${MODE}\n`,
        '.env': 'MODE=host\n',
      },
      ['compose.yaml:5:5'],
    ],
    [
      'by Compose: a key that it does not know',
      { 'compose.yaml': 'services:\n  web:\n    imagee: x\n' },
      ['compose.yaml:3:5'],
    ],
  ])('%s', async (_title, files, places, env) => {
    const refused = await refusedBy(files, env)
    expect(refused.places, refused.stderr).toEqual(places)
    expect(refused.stderr).toContain('^')
    expect(refused.stderr).toContain('→')
    expect(refused.code).toBe(3)
  })

  test('by Compose: a circle, at one of its links', async () => {
    const circle =
      'services:\n  a: {image: x, depends_on: [b]}\n  b:\n    image: x\n    depends_on:\n      - a\n'
    const { code, places, stderr } = await refusedBy({ 'compose.yaml': circle })
    expect(stderr).toMatch(/cycle/)
    // Compose walks the circle from either end.
    expect(['compose.yaml:2:30', 'compose.yaml:6:9']).toContain(places[0])
    expect(code).toBe(3)
  })

  test('and what no active profile has is neither refused nor named', async () => {
    const compose = `services:
  web:
    image: x
    ports: ["18931:80"]
    env_file: web.env
    depends_on: {debug: {condition: service_started, required: false}}
  debug: {image: x, profiles: [debug], network_mode: host}
`
    const { code, stderr } = await refusedBy({ 'compose.yaml': compose, 'web.env': 'A=1\n' })
    expect(code, stderr).toBe(0)
  })
})
