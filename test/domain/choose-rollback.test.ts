import { describe, expect, test } from 'vitest'
import { chooseRollback, didSwitch, rollbackFailure, wasDeployed } from '../../src/domain/choose-rollback.ts'
import type { HistoryEntry } from '../../src/domain/release.ts'
import { BLUE_1, BLUE_3, entryOf, GREEN_2, GREEN_4, snapshotOf } from './records.ts'

const SNAPSHOTS = [BLUE_1, GREEN_2, BLUE_3].map((id) => snapshotOf(id))
const FIRST = entryOf(BLUE_1, { from: undefined })
const SECOND = entryOf(GREEN_2, { previous: BLUE_1 })
const THIRD = entryOf(BLUE_3, { previous: GREEN_2 })

function choose(active: string | undefined, history: HistoryEntry[], snapshots = SNAPSHOTS) {
  const choice = chooseRollback({ active, history, snapshots, containers: [], to: undefined })
  return choice.kind === 'found' ? choice.release.id : choice.kind
}

describe('the release to go back to', () => {
  test('is the one that served before', () => {
    expect(choose(BLUE_3, [FIRST, SECOND, THIRD])).toBe(GREEN_2)
  })

  test('of a rollback is the one that was rolled back: it served before', () => {
    const back = entryOf(GREEN_2, { previous: BLUE_3, command: 'rollback' })
    expect(choose(GREEN_2, [FIRST, SECOND, THIRD, back])).toBe(BLUE_3)
  })

  test.each(['aborted', 'rolled-back', 'taken-back', 'prepared'] as const)(
    'is never one that was %s',
    (result) => {
      expect(choose(GREEN_2, [FIRST, SECOND, entryOf(BLUE_3, { previous: GREEN_2, result })])).toBe(BLUE_1)
    },
  )

  test('is found when a crash left the switch to be finished late', () => {
    const late = entryOf(BLUE_3, { result: 'finished-late' })
    expect(choose(BLUE_3, [FIRST, SECOND, late])).toBe(GREEN_2)
  })

  test('is none for the first release', () => {
    expect(choose(BLUE_1, [FIRST])).toBe('no-previous-release')
    expect(choose(BLUE_1, [entryOf(BLUE_1, { from: undefined, result: 'finished-late' })])).toBe(
      'no-previous-release',
    )
  })

  test('is none while nothing serves', () => {
    expect(choose(undefined, [FIRST, SECOND])).toBe('no-previous-release')
  })

  test('is told to be missing when its snapshot is', () => {
    expect(
      chooseRollback({
        active: BLUE_3,
        history: [THIRD],
        snapshots: [snapshotOf(BLUE_3)],
        containers: [],
        to: undefined,
      }),
    ).toEqual({ kind: 'snapshot-missing', id: GREEN_2, known: [BLUE_3] })
  })
})

describe('without a word in history', () => {
  test('it is the newest snapshot before the active one', () => {
    expect(choose(BLUE_3, [])).toBe(GREEN_2)
    expect(choose(GREEN_2, [])).toBe(BLUE_1)
    expect(choose(BLUE_1, [])).toBe('no-previous-release')
  })

  test('it is not one whose health check failed, nor one that never served', () => {
    const snapshots = [snapshotOf(BLUE_1), snapshotOf(GREEN_2, { health: 'failed' }), snapshotOf(BLUE_3)]
    expect(choose(BLUE_3, [], snapshots)).toBe(BLUE_1)
    expect(choose(BLUE_3, [entryOf(GREEN_2, { result: 'prepared' })])).toBe(BLUE_1)
  })
})

describe('before the first release', () => {
  const adopting = entryOf(BLUE_1, { from: undefined, own: ['web-id', 'worker-id'] })
  const WEB = { id: 'web-id', service: 'web' }
  const WORKER = { id: 'worker-id', service: 'worker' }
  const back = (history: HistoryEntry[], containers = [WORKER, WEB, { id: 'db-id', service: 'db' }]) =>
    chooseRollback({ active: BLUE_1, history, snapshots: SNAPSHOTS, containers, to: undefined })

  test('there are the containers that it took users from', () => {
    expect(back([adopting])).toEqual({ kind: 'own', services: ['web', 'worker'] })
    const late = { ...adopting, result: 'finished-late' as const }
    expect(back([late])).toEqual({ kind: 'own', services: ['web', 'worker'] })
  })

  test('there is nothing once one of them is gone, or another took its place', () => {
    expect(back([adopting], [WEB])).toEqual({ kind: 'no-previous-release' })
    expect(back([adopting], [WEB, { id: 'made-anew', service: 'worker' }])).toEqual({
      kind: 'no-previous-release',
    })
  })

  test('they are not what served before a release that came back later', () => {
    const there = entryOf(GREEN_2, { previous: BLUE_1 })
    const again = entryOf(BLUE_1, { previous: GREEN_2, command: 'rollback' })
    expect(back([adopting, there, again])).toMatchObject({ kind: 'found', release: { id: GREEN_2 } })
  })
})

test('nothing serves before the first release, nor once the app was given back to plain Compose', () => {
  const ejected = entryOf(BLUE_1, { result: 'ejected' })
  const aborted = entryOf(GREEN_2, { result: 'aborted' })
  const deployed = (...history: HistoryEntry[]) => wasDeployed({ active: undefined, history })
  expect(deployed()).toBe(false)
  expect(deployed(aborted)).toBe(false)
  expect(deployed(FIRST, aborted)).toBe(true)
  expect(deployed(FIRST, ejected, aborted)).toBe(false)
  expect(deployed(FIRST, ejected, SECOND)).toBe(true)
  expect(wasDeployed({ active: 'blue', history: [] })).toBe(true)
})

describe('a release that a person names', () => {
  const named = (to: string) =>
    chooseRollback({ active: BLUE_3, history: [THIRD], snapshots: SNAPSHOTS, containers: [], to })

  test('is taken, however old', () => {
    expect(named(BLUE_1)).toMatchObject({ kind: 'found', release: { id: BLUE_1 } })
  })

  test('is refused when it serves already', () => {
    expect(named(BLUE_3)).toEqual({ kind: 'already-active', release: BLUE_3 })
  })

  test('is refused when it has no snapshot, with those that there are, newest first', () => {
    expect(named(GREEN_4)).toEqual({
      kind: 'snapshot-missing',
      id: GREEN_4,
      known: [BLUE_3, GREEN_2, BLUE_1],
    })
  })
})

test('every reason not to go back is a failure with its facts', () => {
  expect(rollbackFailure({ kind: 'no-previous-release' }, 'blue')).toEqual({ code: 'no-previous-release' })
  expect(rollbackFailure({ kind: 'already-active', release: BLUE_1 }, 'blue')).toEqual({
    code: 'already-active',
    color: 'blue',
  })
  expect(rollbackFailure({ kind: 'snapshot-missing', id: BLUE_1, known: [] }, 'blue')).toEqual({
    code: 'snapshot-missing',
    id: BLUE_1,
    known: [],
  })
})

test('only entries that moved users for good count as switches', () => {
  expect(didSwitch(FIRST)).toBe(true)
  expect(didSwitch(entryOf(BLUE_1, { result: 'finished-late' }))).toBe(true)
  expect(didSwitch(entryOf(BLUE_1, { result: 'rolled-back' }))).toBe(false)
})
