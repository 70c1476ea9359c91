import { expect, test } from 'vitest'
import type { Records, World } from '../../src/domain/facts.ts'
import { isKnown, isRecorded } from '../../src/domain/known-app.ts'

const NONE: Records = { active: undefined, history: [], snapshots: [], setAside: [], broken: [] }
const EMPTY: World = { app: 'shop', proxy: { state: 'absent' }, containers: [], records: NONE }

test('an empty deployments folder, or none, tells of no app', () => {
  expect(isRecorded(NONE)).toBe(false)
  expect(isKnown(EMPTY)).toBe(false)
})

test.each<Partial<Records>>([
  { active: 'blue' },
  { setAside: [{ file: 'history.json', keptAs: 'history.json.1', reason: 'It is empty.' }] },
  { broken: [{ id: 'blue-20260129-101530', reason: 'metadata.json is not JSON' }] },
])('%j tells of one', (part) => {
  const records = { ...NONE, ...part }
  expect(isRecorded(records)).toBe(true)
  expect(isKnown({ ...EMPTY, records })).toBe(true)
})

test('without records a proxy tells of one, whether or not it runs', () => {
  expect(isKnown({ ...EMPTY, proxy: { state: 'stopped', container: 'shop-proxy-nginx-1' } })).toBe(true)
})

test.each([
  ['blue', true],
  [undefined, false],
] as const)('a container of the color %s: %s', (color, known) => {
  const container = { name: 'shop-web-1', color } as World['containers'][number]
  expect(isKnown({ ...EMPTY, containers: [container] })).toBe(known)
})
