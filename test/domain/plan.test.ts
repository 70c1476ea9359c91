import { describe, expect, test } from 'vitest'
import { HOOKS } from '../../src/domain/hooks.ts'
import {
  countClasses,
  type PerformFacts,
  type Plan,
  planPerform,
  planRollback,
  planSwitch,
  type RollbackFacts,
  type SwitchFacts,
} from '../../src/domain/plan.ts'
import { STEPS } from '../../src/domain/steps.ts'

const SWITCH: SwitchFacts = {
  singletons: 1,
  healthAsked: true,
  watchMs: 1_000,
  cleanupAsked: true,
  somethingActive: true,
  hooks: [],
}
const PERFORM: PerformFacts = {
  ...SWITCH,
  shared: 1,
  jobs: 1,
  smokeTests: 1,
  pullOrBuildAsked: true,
  autoSwitch: true,
}
const ROLLBACK: RollbackFacts = { ...SWITCH, shared: 1, stillRunning: false, restoredAnew: false }

const skipped = (plan: Plan) => {
  return Object.fromEntries(plan.steps.flatMap(({ id, skip }) => (skip === undefined ? [] : [[id, skip]])))
}

describe('the plan of a perform', () => {
  test('has every step of the table, in its order', () => {
    expect(planPerform(PERFORM).steps.map((step) => step.id)).toEqual(STEPS)
    expect(skipped(planPerform(PERFORM))).toEqual({})
  })

  test.each<[Partial<PerformFacts>, Record<string, string>]>([
    [{ shared: 0 }, { shared: 'no-shared-services' }],
    [{ jobs: 0 }, { jobs: 'no-jobs' }],
    [{ smokeTests: 0 }, { smoke: 'no-smoke-tests' }],
    [{ healthAsked: false }, { health: 'health-not-asked' }],
    [{ singletons: 0 }, { singletons: 'no-singletons' }],
    [{ watchMs: 0 }, { watch: 'watch-not-configured' }],
    [{ pullOrBuildAsked: false }, { images: 'pull-and-build-not-asked' }],
    [{ somethingActive: false }, { drain: 'nothing-to-drain' }],
    [{ cleanupAsked: false }, { drain: 'stays-warm', cleanup: 'cleanup-not-asked' }],
  ])('with %o skips %o', (change, skips) => {
    expect(skipped(planPerform({ ...PERFORM, ...change }))).toEqual(skips)
  })

  test('without a switch ends at the line, whatever else is asked', () => {
    const skips = skipped(planPerform({ ...PERFORM, autoSwitch: false, cleanupAsked: false }))
    expect(skips).toEqual(
      Object.fromEntries(STEPS.slice(STEPS.indexOf('switch')).map((id) => [id, 'not-switched'])),
    )
  })
})

describe('the plan of a switch', () => {
  test('makes nothing anew: all before the line runs still', () => {
    expect(skipped(planSwitch(SWITCH))).toEqual({
      images: 'still-running',
      snapshot: 'still-running',
      shared: 'still-running',
      jobs: 'still-running',
      start: 'still-running',
      smoke: 'still-running',
    })
  })
})

describe('the plan of a rollback', () => {
  test('starts a stopped release from its snapshot, and never runs jobs', () => {
    expect(skipped(planRollback(ROLLBACK))).toEqual({
      images: 'from-snapshot',
      snapshot: 'from-snapshot',
      jobs: 'from-snapshot',
      smoke: 'from-snapshot',
    })
  })

  test('starts nothing for a release that still runs', () => {
    expect(skipped(planRollback({ ...ROLLBACK, stillRunning: true }))).toMatchObject({
      shared: 'still-running',
      start: 'still-running',
    })
  })

  test('takes a snapshot of a release that comes up in the other color', () => {
    expect(skipped(planRollback({ ...ROLLBACK, restoredAnew: true }))).not.toHaveProperty('snapshot')
  })
})

describe('hooks', () => {
  const hooksOf = ({ steps }: Plan) =>
    Object.fromEntries(steps.flatMap(({ hook, id }) => (hook === undefined ? [] : [[hook, id]])))
  const hooks = HOOKS

  test('run before the steps that they precede, whether those have something to do or not', () => {
    expect(hooksOf(planPerform({ ...PERFORM, hooks, watchMs: 0 }))).toEqual({
      pre_deploy: 'snapshot',
      pre_switch: 'switch',
      post_switch: 'watch',
    })
    expect(hooksOf(planSwitch({ ...SWITCH, hooks }))).toEqual({ pre_switch: 'switch', post_switch: 'watch' })
  })

  test('of a switch do not run where nobody is switched', () => {
    expect(hooksOf(planPerform({ ...PERFORM, hooks, autoSwitch: false }))).toEqual({ pre_deploy: 'snapshot' })
  })

  test('never stand in the way of a rollback', () => {
    expect(hooksOf(planRollback({ ...ROLLBACK, hooks }))).toEqual({ post_rollback: 'watch' })
  })

  test('that are not set are in no plan', () => {
    expect(hooksOf(planPerform({ ...PERFORM, hooks: ['pre_switch'] }))).toEqual({ pre_switch: 'switch' })
  })
})

test('services are counted by their class', () => {
  const classes = ['shared', 'job', 'job', 'singleton', 'colored'] as const
  const services = classes.map((each) => ({
    name: each,
    class: each,
    reason: { because: 'default' } as const,
  }))
  expect(countClasses(services)).toEqual({ shared: 1, jobs: 2, singletons: 1 })
})
