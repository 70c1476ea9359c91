import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/domain/failure.ts'
import {
  endsRun,
  type Hook,
  type HookSubject,
  hookColor,
  hookEnvironment,
  hooksAfter,
} from '../../src/domain/hooks.ts'
import type { Outcome } from '../../src/domain/outcome.ts'

const FAILED: Failure = {
  code: 'hook-failed',
  hook: 'pre_switch',
  command: './check.sh',
  how: { ended: 'exited', exitCode: 1 },
  output: [],
}
const INTERRUPTED: Failure = { code: 'interrupted', signal: 'SIGINT' }
const SUBJECT: HookSubject = {
  hook: 'pre_switch',
  app: 'shop',
  command: 'perform',
  release: 'green-20260129-141245',
  previous: undefined,
  color: 'green',
  active: undefined,
  preview: undefined,
  deployments: '/srv/shop/deployments',
  failed: undefined,
}

describe('a hook that fails', () => {
  test.each<[Hook, boolean, boolean]>([
    ['pre_deploy', false, true],
    ['pre_switch', false, true],
    ['post_switch', false, false],
    ['post_switch', true, true],
    ['post_rollback', true, false],
    ['on_failure', true, false],
  ])('at %s, with rollback: %s, ends the run: %s', (hook, rollsBack, ends) => {
    expect(endsRun({ hook, rollsBack }, FAILED)).toBe(ends)
  })

  test('because a person stopped it always does', () => {
    expect(endsRun({ hook: 'post_switch', rollsBack: false }, INTERRUPTED)).toBe(true)
  })
})

test.each<[Outcome, Hook[]]>([
  [{ kind: 'aborted', failure: FAILED, step: 'health', active: 'blue' }, ['on_failure']],
  [{ kind: 'rolled-back', failure: FAILED, step: 'watch', active: 'blue' }, ['post_rollback', 'on_failure']],
  [{ kind: 'stuck', failure: FAILED, step: 'watch', wayBack: FAILED, active: 'blue' }, ['on_failure']],
  [{ kind: 'unchanged', color: 'blue', release: 'blue-20260129-101530' }, []],
])('after %o run %o', (outcome, hooks) => {
  expect(hooksAfter(outcome)).toEqual(hooks)
})

test('a hook is told of its run; what is not known is empty, never missing', () => {
  const environment = hookEnvironment(SUBJECT)
  expect(environment).toMatchObject({
    VERDIGRIS_HOOK: 'pre_switch',
    VERDIGRIS_RELEASE: 'green-20260129-141245',
    VERDIGRIS_COLOR: 'green',
    VERDIGRIS_ACTIVE: '',
    VERDIGRIS_FAILURE: '',
  })
  const failed = { step: 'health', failure: INTERRUPTED } as const
  expect(hookEnvironment({ ...SUBJECT, failed })).toMatchObject({
    VERDIGRIS_STEP: 'health',
    VERDIGRIS_FAILURE: 'interrupted',
  })
})

test.each<[Hook, string | undefined]>([
  ['pre_deploy', 'blue'],
  ['pre_switch', 'green'],
  ['on_failure', 'blue'],
])('%s of a service runs in %s', (hook, color) => {
  expect(hookColor({ hook, color: 'green', active: 'blue' })).toBe(color)
})
