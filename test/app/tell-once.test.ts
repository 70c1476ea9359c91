import { expect, test } from 'vitest'
import { tellOnce } from '../../src/app/tell-once.ts'
import type { DoctorCheck, DoctorCheckId } from '../../src/app/views.ts'
import type { Failure } from '../../src/domain/failure.ts'

function failed(id: DoctorCheckId, failure: Failure): DoctorCheck {
  return { id, verdict: 'fail', found: '', failure, cure: undefined }
}

const WELL: DoctorCheck = { id: 'engine', verdict: 'ok', found: '27.0', failure: undefined, cure: undefined }
const NO_FILE: Failure = { code: 'compose-file-missing', directory: '/srv/shop' }

/** Each check that was skipped, and whose matter it is. */
function skipped(checks: readonly DoctorCheck[]): Record<string, string | undefined> {
  const skipped = tellOnce(checks).filter(({ verdict }) => verdict === 'skipped')
  return Object.fromEntries(skipped.map(({ because, id }) => [id, because]))
}

test('what several checks fail of is told by the first of them', () => {
  const checks = [
    WELL,
    failed('compose-file', NO_FILE),
    failed('ports', NO_FILE),
    failed('networks', NO_FILE),
  ]
  expect(skipped(checks)).toEqual({ ports: 'compose-file', networks: 'compose-file' })
  expect(tellOnce(checks).slice(0, 2)).toEqual(checks.slice(0, 2))
})

test('or by the one whose matter it is', () => {
  const tooNew: Failure = { code: 'record-too-new', file: 'history.json', found: 3, supported: 1 }
  const checks = (['settings', 'ports', 'records'] as const).map((id) => failed(id, tooNew))
  expect(skipped(checks)).toEqual({ settings: 'records', ports: 'records' })
})

test('what an engine answers to every question is told once', () => {
  const ill = (command: string): Failure => ({
    code: 'command-failed',
    command,
    exitCode: undefined,
    output: 'ill',
  })
  const checks = [failed('engine', ill('ask its version')), failed('settings', ill('list containers'))]
  expect(skipped(checks)).toEqual({ settings: 'engine' })
})

test('a deployments folder that cannot be used is told as such, not as a file of it', () => {
  const at = { path: '/srv/shop/deployments', reason: 'a part of the path is a file, not a folder.' }
  const checks = [
    failed('settings', { code: 'file-failed', ...at }),
    failed('deployments', { code: 'deployment-dir-unwritable', ...at }),
    failed('records', { code: 'file-failed', ...at }),
  ]
  expect(skipped(checks)).toEqual({ settings: 'deployments', records: 'deployments' })
})

test('failures that differ are all told', () => {
  const elsewhere: Failure = { ...NO_FILE, directory: '/srv' }
  const checks = [failed('compose-file', NO_FILE), failed('ports', elsewhere)]
  expect(tellOnce(checks)).toEqual(checks)
})
