import { describe, expect, test } from 'vitest'
import type { Actions } from '../../../src/cli/actions.ts'
import { buildProgram, renderHelp, runProgram } from '../../../src/cli/program.ts'
import { failureOf } from '../../../src/domain/failure.ts'
import { record } from './record.ts'

type Call = { action: string; options: unknown; global: unknown }

const NAMES = [
  'perform',
  'switch',
  'rollback',
  'cleanup',
  'maintenance',
  'status',
  'history',
  'plan',
  'doctor',
  'verify',
  'config',
  'logs',
  'lock',
  'lockAcquire',
  'lockRelease',
  'init',
  'eject',
  'proxyStart',
  'proxyStop',
  'proxyConfig',
  'proxyLogs',
] as const satisfies readonly (keyof Actions)[]

async function run(line: string): Promise<{ text: string; calls: Call[] }> {
  const calls: Call[] = []
  let text = ''
  const note = (action: string) => (options: unknown, global: unknown) => {
    calls.push({ action, options, global })
    return Promise.resolve()
  }
  const actions = Object.fromEntries(NAMES.map((name) => [name, note(name)])) as unknown as Actions
  const out = (part: string) => {
    text += part
  }
  await runProgram(buildProgram(actions, { version: '1.2.3', out }), line.split(' ').filter(Boolean))
  return { text, calls }
}

async function failureIn(line: string) {
  const error = await run(line).catch((thrown: unknown) => thrown)
  return failureOf(error)
}

const COMMANDS = [
  '',
  'perform',
  'switch',
  'rollback',
  'cleanup',
  'maintenance',
  'status',
  'history',
  'plan',
  'doctor',
  'verify',
  'config',
  'logs',
  'lock',
  'lock acquire',
  'lock release',
  'init',
  'eject',
  'proxy',
  'proxy start',
  'proxy stop',
  'proxy config',
  'proxy logs',
]

describe('help', () => {
  test.each(COMMANDS)('of "upgrade %s" fits 80 columns', async (command) => {
    const { calls, text } = await run(`${command} --help`)
    expect(calls).toEqual([])
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
    await expect(text).toMatchFileSnapshot(`files/help-${command.replace(' ', '-') || 'main'}.txt`)
  })

  test('is the same text as the one built into a file', async () => {
    expect(await renderHelp()).toBe((await run('--help')).text)
  })

  test('is shown when no command is given, and by "help"', async () => {
    const { text } = await run('--help')
    expect((await run('')).text).toBe(text)
    expect((await run('help')).text).toBe(text)
    expect((await run('help perform')).text).toBe((await run('perform --help')).text)
  })

  test('names the version', async () => {
    expect((await run('--version')).text).toBe('1.2.3\n')
  })
})

const GLOBAL = { app: undefined, config: undefined, deployments: undefined, directory: undefined }

describe('words become options', () => {
  test.each([
    [
      'perform',
      'perform',
      {
        autoSwitch: undefined,
        autoCleanup: undefined,
        timeout: undefined,
        health: 'wait',
        pull: 'pull',
        build: 'build',
        unchanged: 'stop',
        changedShared: 'leave',
        questions: 'ask',
        json: false,
      },
    ],
    [
      'perform --auto-switch --auto-cleanup --timeout 90s --skip-health --no-pull --no-build --force --include-shared --yes --json',
      'perform',
      {
        autoSwitch: true,
        autoCleanup: true,
        timeout: '90s',
        health: 'skip',
        pull: 'skip',
        build: 'skip',
        unchanged: 'go-on',
        changedShared: 'recreate',
        questions: 'yes',
        json: true,
      },
    ],
    ['switch green', 'switch', { color: 'green', unhealthy: 'refuse', json: false }],
    ['switch GREEN --force', 'switch', { color: 'green', unhealthy: 'accept', json: false }],
    ['rollback', 'rollback', { to: undefined, json: false }],
    ['rollback --to blue-20260129-101530 --json', 'rollback', { to: 'blue-20260129-101530', json: true }],
    ['cleanup', 'cleanup', { color: undefined, containers: 'stop', questions: 'ask', json: false }],
    [
      'cleanup blue --remove --yes',
      'cleanup',
      { color: 'blue', containers: 'remove', questions: 'yes', json: false },
    ],
    ['maintenance on', 'maintenance', { wanted: 'on' }],
    ['maintenance OFF', 'maintenance', { wanted: 'off' }],
    ['status --json --exit-code', 'status', { json: true, exitCode: 'by-drift' }],
    ['history', 'history', { limit: 20, json: false }],
    ['history --limit 3', 'history', { limit: 3, json: false }],
    ['plan --json', 'plan', { changedShared: 'leave', json: true }],
    ['plan --include-shared', 'plan', { changedShared: 'recreate', json: false }],
    ['doctor', 'doctor', { fix: false, json: false }],
    ['doctor --fix --json', 'doctor', { fix: true, json: true }],
    ['verify', 'verify', { seconds: 10, way: 'live', json: false }],
    ['verify --seconds 300 --preview --json', 'verify', { seconds: 300, way: 'preview', json: true }],
    ['config', 'config', { json: false }],
    ['logs', 'logs', { color: undefined, service: undefined, follow: false, tail: 100 }],
    ['logs web -f', 'logs', { color: undefined, service: 'web', follow: true, tail: 100 }],
    ['logs blue web --tail 5', 'logs', { color: 'blue', service: 'web', follow: false, tail: 5 }],
    ['perform --wait 30', 'perform', expect.objectContaining({ waitS: 30 })],
    ['rollback --wait 5', 'rollback', { to: undefined, waitS: 5, json: false }],
    ['lock --json', 'lock', { json: true }],
    ['lock acquire -m frozen --wait 9', 'lockAcquire', { message: 'frozen', waitS: 9, json: false }],
    ['lock acquire --json', 'lockAcquire', { message: '', waitS: undefined, json: true }],
    ['lock release', 'lockRelease', { whose: 'own', json: false }],
    ['lock release --force', 'lockRelease', { whose: 'anyones', json: false }],
    ['init --force', 'init', { existing: 'replace', running: 'leave' }],
    ['init --adopt', 'init', { existing: 'keep', running: 'adopt' }],
    ['eject', 'eject', { questions: 'ask', json: false }],
    ['eject --yes --wait 5 --json', 'eject', { questions: 'yes', waitS: 5, json: true }],
    ['proxy start', 'proxyStart', { running: 'keep' }],
    ['proxy start --recreate', 'proxyStart', { running: 'recreate' }],
    ['proxy stop --yes', 'proxyStop', { questions: 'yes' }],
    ['proxy config', 'proxyConfig', {}],
    ['proxy logs -f', 'proxyLogs', { follow: true, tail: 100 }],
  ])('upgrade %s', async (line, action, options) => {
    expect((await run(line)).calls).toEqual([{ action, options, global: GLOBAL }])
  })

  test.each(['-C /srv/shop --app x status', 'status --app x -C /srv/shop', 'status -C /srv/shop --app x'])(
    'upgrade %s knows where the app is',
    async (line) => {
      expect((await run(line)).calls[0]?.global).toEqual({ ...GLOBAL, app: 'x', directory: '/srv/shop' })
    },
  )
})

test('a release without a name is a wrong value', async () => {
  const words = ['rollback', '--to', '']
  const running = runProgram(buildProgram({} as Actions, { version: '1.2.3', out: () => undefined }), words)
  expect(failureOf(await running.catch((thrown: unknown) => thrown))).toMatchObject({
    code: 'wrong-usage',
    message: 'The value of --to <release> is wrong.\nIt must name a release.',
  })
})

test('wrong words are refused kindly, with what would be right', async () => {
  const lines = [
    'statu',
    'frobnicate',
    'perform --auto-swich',
    'perform --timeout',
    'perform now',
    'switch',
    'switch purple',
    'cleanup red',
    'maintenance',
    'maintenance soon',
    'logs grn web',
    'history --limit many',
    'history --limit 0',
    'verify --seconds 301',
    'perform --wait soon',
    'lock steal',
    'proxy stp',
    '--unknown',
  ]
  const texts = await Promise.all(
    lines.map(async (line) => {
      const failure = await failureIn(line)
      return `$ upgrade ${line}\n${failure === undefined ? 'no failure' : record().failure(failure, {})}`
    }),
  )
  expect(texts.filter((text) => text.includes('no failure'))).toEqual([])
  await expect(texts.join('\n')).toMatchFileSnapshot('files/wrong-usage.txt')
})
