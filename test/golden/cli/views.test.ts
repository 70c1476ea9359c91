import { describe, expect, test } from 'vitest'
import type { View } from '../../../src/app/views.ts'
import { questionWords } from '../../../src/cli/reporter/question-words.ts'
import { ADOPTION } from './adoption-samples.ts'
import { record, tooWide } from './record.ts'
import { FREEZE, HOLDER } from './samples.ts'
import * as samples from './view-samples.ts'

const VIEWS: Record<string, View> = {
  status: samples.STATUS,
  'status-troubled': samples.STATUS_TROUBLED,
  'status-new': samples.STATUS_NEW,
  'status-adopted': samples.STATUS_ADOPTED,
  history: samples.HISTORY,
  'history-new': samples.HISTORY_NEW,
  'history-lost': samples.HISTORY_LOST,
  plan: samples.PLAN,
  'plan-unchanged': samples.PLAN_UNCHANGED,
  'plan-first': samples.PLAN_FIRST,
  doctor: samples.DOCTOR,
  'doctor-well': samples.DOCTOR_WELL,
  'doctor-mended': samples.DOCTOR_MENDED,
  'doctor-nothing-mended': { ...samples.DOCTOR_WELL, mended: { done: [], failed: [] } },
  verify: samples.VERIFY,
  'verify-switched': samples.VERIFY_SWITCHED,
  'verify-failed': samples.VERIFY_FAILED,
  'verify-dead': samples.VERIFY_DEAD,
  'lock-free': samples.LOCK,
  'lock-held': { ...samples.LOCK, holder: HOLDER },
  'lock-frozen': { ...samples.LOCK, freeze: FREEZE },
  config: samples.CONFIG,
  'config-wrong': samples.CONFIG_WRONG,
  adoption: ADOPTION,
  'adoption-done': { ...ADOPTION, active: 'blue' },
  'adoption-of-nothing': { ...ADOPTION, serving: [], singletons: [], ports: [] },
  'proxy-started': { view: 'done', done: 'proxy-started', app: 'shop', urls: ['http://127.0.0.1:8080/'] },
  'proxy-stopped': { view: 'done', done: 'proxy-stopped', app: 'shop' },
  'maintenance-on': { view: 'done', done: 'maintenance-on', app: 'shop' },
  'maintenance-off': { view: 'done', done: 'maintenance-off', app: 'shop' },
  'settings-written': { view: 'done', done: 'settings-written', path: 'upgrade.yaml' },
}

describe.each(Object.entries(VIEWS))('%s', (name, view) => {
  test.each([80, 160])('fits %i columns', async (columns) => {
    const text = record({ columns }).view(view)
    expect(tooWide(text, columns)).toEqual([])
    await expect(text).toMatchFileSnapshot(`files/view-${name}-${columns}.txt`)
  })

  test('can be shown in ASCII', () => {
    expect(record({ unicode: false }).view(view)).toMatch(/^[\n\x20-\x7e]*$/)
  })

  test('is one JSON document on a line', () => {
    const text = record({ mode: 'json' }).view(view)
    expect(text.indexOf('\n')).toBe(text.length - 1)
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(view)))
  })
})

test('status in ASCII keeps the frame that users know', async () => {
  await expect(record({ unicode: false }).view(samples.STATUS)).toMatchFileSnapshot(
    'files/view-status-ascii.txt',
  )
})

test.each([
  [['web'], [], 'from its snapshot, once web is pulled again'],
  [['web', 'api'], [], 'from its snapshot, once web and api are pulled again'],
  [['web'], ['web'], 'once web is pulled again, if its registry has it'],
  [['web', 'api'], ['api'], 'once web and api are pulled again, if a registry has api'],
])('a rollback that must pull %j first, of which %j may be nowhere, says so', (pulls, unproved, words) => {
  const rollback = { ready: true, to: 'blue-20260129-101530', color: 'blue', pulls, unproved } as const
  const told = (way: 'warm' | 'from-snapshot') =>
    record({ columns: 160 }).view({ ...samples.STATUS, rollback: { ...rollback, way } })
  expect(told('from-snapshot')).toContain(words)
  expect(told('warm')).toContain('ready: blue-20260129-101530 still runs in blue, once web')
})

test('a text is shown as it is', () => {
  expect(record().view({ view: 'text', title: 'nginx', text: 'server {\n}\n' })).toBe('server {\n}\n')
})

test('questions say what must be known for an answer', async () => {
  const texts = [
    questionWords({ question: 'switch', app: 'shop', color: 'green', preview: 'http://127.0.0.1:8081/' }),
    questionWords({ question: 'switch', app: 'shop', color: 'green', preview: undefined }),
    questionWords({ question: 'remove', color: 'blue' }),
    questionWords({ question: 'remove', color: undefined }),
    questionWords({ question: 'stop-proxy', app: 'shop' }),
    questionWords({ question: 'eject', app: 'shop' }),
  ]
  await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot('files/questions.txt')
})
