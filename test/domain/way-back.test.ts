import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isBeforeTheLine, STEPS, type StepId } from '../../src/domain/steps.ts'
import { planWayBack } from '../../src/domain/way-back.ts'

const NOTHING = { madeProxy: false, displaced: false }

describe('the way back of a run that failed', () => {
  test.each<[StepId, string[]]>([
    ['preflight', []],
    ['images', []],
    ['snapshot', ['drop-snapshot']],
    ['shared', ['drop-snapshot']],
    ['jobs', ['remove-standby', 'drop-snapshot']],
    ['start', ['remove-standby', 'drop-snapshot']],
    ['health', ['remove-standby', 'drop-snapshot']],
    ['smoke', ['remove-standby', 'drop-snapshot']],
    ['switch', ['reinstate-generation']],
    ['confirm', ['reinstate-generation']],
    ['singletons', ['reinstate-generation', 'return-singletons']],
    ['watch', ['reinstate-generation', 'return-singletons']],
    ['drain', []],
    ['cleanup', []],
  ])('at %s is %o', (step, actions) => {
    expect(planWayBack(attemptedUpTo(step), NOTHING)).toEqual(actions)
  })

  test('gives ports back to whoever had them, and leaves the proxy waiting for them', () => {
    const facts = { madeProxy: true, displaced: false, takesPorts: true }
    expect(planWayBack(attemptedUpTo('confirm'), facts)).toEqual(['give-ports-back', 'close-proxy'])
    expect(planWayBack(attemptedUpTo('watch'), facts)).toEqual([
      'give-ports-back',
      'return-singletons',
      'close-proxy',
    ])
    expect(planWayBack(attemptedUpTo('health'), facts)).not.toContain('give-ports-back')
  })

  test('takes along the proxy that the run made, once nothing needs it', () => {
    expect(planWayBack(attemptedUpTo('health'), { ...NOTHING, madeProxy: true })).toEqual([
      'remove-standby',
      'remove-proxy',
      'drop-snapshot',
    ])
    expect(planWayBack(attemptedUpTo('jobs'), { ...NOTHING, madeProxy: true })).not.toContain('remove-proxy')
  })

  test('brings back the release that stood warm there, once its place is free', () => {
    expect(planWayBack(attemptedUpTo('start'), { ...NOTHING, displaced: true })).toEqual([
      'remove-standby',
      'restore-displaced',
      'drop-snapshot',
    ])
    expect(planWayBack(attemptedUpTo('shared'), { ...NOTHING, displaced: true })).toEqual(['drop-snapshot'])
  })

  test('has nginx forget what it was told of, be it that the release only ran already', () => {
    expect(planWayBack(attemptedUpTo('start'), { ...NOTHING, displaced: true, told: true })).toEqual([
      'remove-standby',
      'forget-release',
      'restore-displaced',
      'drop-snapshot',
    ])
    expect(planWayBack([], { ...NOTHING, told: true })).toEqual(['forget-release'])
    expect(planWayBack(['switch'], { ...NOTHING, told: true })).toEqual(['reinstate-generation'])
  })

  test('removes nothing that a switch to a running color did not start', () => {
    expect(planWayBack(['switch', 'confirm', 'singletons'], NOTHING)).not.toContain('remove-standby')
  })
})

test('whatever was attempted, users are served: past the line nothing that serves is removed', () => {
  const facts = fc.record({
    madeProxy: fc.boolean(),
    displaced: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.subarray([...STEPS]), facts, (attempted, given) => {
      const actions = planWayBack(attempted, given)
      expect(new Set(actions).size).toBe(actions.length)
      if (attempted.every(isBeforeTheLine)) {
        expect(actions).not.toContain('reinstate-generation')
        expect(actions).not.toContain('return-singletons')
      } else {
        for (const action of ['remove-standby', 'remove-proxy', 'drop-snapshot'] as const) {
          expect(actions).not.toContain(action)
        }
      }
    }),
  )
})

/** The steps up to one, as a run attempts them. */
function attemptedUpTo(step: StepId): StepId[] {
  return STEPS.slice(0, STEPS.indexOf(step) + 1)
}
