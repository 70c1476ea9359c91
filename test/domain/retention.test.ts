import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRetention } from '../../src/domain/retention.ts'
import { BLUE_1, BLUE_3, GREEN_2, GREEN_4, snapshotOf } from './records.ts'

const SNAPSHOTS = [GREEN_2, BLUE_1, GREEN_4, BLUE_3].map((id) => snapshotOf(id))
const NONE = { active: undefined, standby: undefined, rollbackTarget: undefined }

describe('snapshots past the limit', () => {
  test('are the oldest, oldest first', () => {
    expect(planRetention({ snapshots: SNAPSHOTS, limit: 2, ...NONE })).toEqual([BLUE_1, GREEN_2])
    expect(planRetention({ snapshots: SNAPSHOTS, limit: 4, ...NONE })).toEqual([])
  })

  test('stay while they serve, stand by, or are what a rollback goes to', () => {
    const needed = { active: BLUE_1, standby: GREEN_2, rollbackTarget: BLUE_3 }
    expect(planRetention({ snapshots: SNAPSHOTS, limit: 0, ...needed })).toEqual([GREEN_4])
  })

  test('are told apart by their ids when they were made in one second', () => {
    const created = '2026-01-01T00:00:00.000Z'
    const snapshots = ['blue-x', 'green-x'].map((id) => ({ id, created }))
    expect(planRetention({ snapshots, limit: 1, ...NONE })).toEqual(['blue-x'])
    expect(planRetention({ snapshots: [...snapshots].reverse(), limit: 1, ...NONE })).toEqual(['blue-x'])
  })
})

test('whatever the limit, what is needed stays and the newest are kept', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 20 })
  fc.assert(
    fc.property(
      ids,
      fc.integer({ min: -1, max: 20 }),
      fc.infiniteStream(fc.nat()),
      (seconds, limit, picks) => {
        const known = seconds.map((second) => `blue-20260101-1000${String(second).padStart(2, '0')}`)
        const pick = () => known[picks.next().value % (known.length + 1)]
        const needed = { active: pick(), standby: pick(), rollbackTarget: pick() }
        const snapshots = known.map((id) => snapshotOf(id))
        const pruned = planRetention({ snapshots, limit, ...needed })
        const left = known.filter((id) => !pruned.includes(id))
        for (const id of Object.values(needed)) expect(pruned).not.toContain(id)
        expect(left.length).toBeGreaterThanOrEqual(Math.min(known.length, limit))
        expect(left.length).toBeLessThanOrEqual(Math.max(0, limit) + 3)
        for (const id of [...known].sort().slice(Math.max(0, known.length - Math.max(0, limit)))) {
          if (limit > 0) expect(left).toContain(id)
        }
      },
    ),
  )
})
