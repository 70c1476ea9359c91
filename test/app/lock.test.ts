import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/app/events.ts'
import { acquireLock, releaseLock } from '../../src/app/lock.ts'
import { perform } from '../../src/app/perform.ts'
import { failureOf, type LockHolder } from '../../src/domain/failure.ts'
import type { StepId } from '../../src/domain/steps.ts'
import { createFaults } from './world/faults.ts'
import { portsOf } from './world/ports.ts'
import { COMMANDS, type CommandName, run } from './world/run.ts'
import { publish, SETTINGS } from './world/shop.ts'
import { worldIn } from './world/states.ts'
import { copyOf, type World } from './world/world.ts'

const OTHER: LockHolder = {
  pid: 2,
  host: 'there',
  user: 'ben',
  command: 'perform',
  step: 'start',
  since: '2026-01-29T10:00:00Z',
}

/** A context over a world; `heard` gets every event. */
function contextOf(world: World, options: { heard?: (event: Event) => void; waitMs?: number } = {}) {
  const faults = createFaults({ fault: undefined, afterEffect: () => {} })
  const emit = options.heard ?? (() => undefined)
  return { ports: portsOf(world, faults), settings: SETTINGS, emit, waitMs: options.waitMs }
}

const GO = {
  images: { pull: 'never', build: 'never' },
  health: 'wait',
  unchanged: 'go-on',
  changedShared: 'leave',
  line: { kind: 'switch' },
} as const

describe('a run whose lock somebody else has by now', () => {
  test.each<[StepId, string]>([
    ['start', 'aborted'],
    ['switch', 'aborted'],
    ['singletons', 'stuck'],
  ])('stops before the step after %s, %s, and touches nothing', async (step, kind) => {
    const world = await worldIn('a warm one beside it')
    publish(world, '9')
    let lost: World | undefined
    const heard = (event: Event) => {
      if (event.type !== 'step-done' || event.step !== before(step)) return
      world.lock = { holder: OTHER, alive: true }
      lost = { ...copyOf(world), nowMs: 0 }
    }
    const outcome = await perform(contextOf(world, { heard }), GO)
    expect(outcome).toMatchObject({ kind, failure: { code: 'lock-lost' }, step })
    expect({ ...world, nowMs: 0 }).toEqual(lost)
  })
})

describe('the lock of another run', () => {
  test('is waited for, as long as was asked, and who has it is told once', async () => {
    const world = await worldIn('one release')
    world.lock = { holder: OTHER, alive: true }
    const told: Event[] = []
    const context = contextOf(world, { waitMs: 5_000, heard: (event) => void told.push(event) })
    let slept = 0
    context.ports.machine.sleep = async (ms) => {
      world.nowMs += ms
      slept += 1
      if (slept === 3) world.lock = undefined
    }
    publish(world, '9')
    expect(await perform(context, GO)).toMatchObject({ kind: 'switched' })
    const waits = told.filter((event) => event.type === 'note' && event.note.note === 'waiting-for-lock')
    expect(waits).toEqual([{ type: 'note', note: { note: 'waiting-for-lock', holder: OTHER, seconds: 5 } }])
  })

  test('is not waited for beyond that', async () => {
    const world = await worldIn('one release')
    world.lock = { holder: OTHER, alive: true }
    const began = world.nowMs
    const outcome = await perform(contextOf(world, { waitMs: 1_000 }), GO)
    expect(outcome).toMatchObject({ kind: 'aborted', failure: { code: 'locked', holder: OTHER } })
    expect(world.nowMs - began).toBeLessThan(2_000)
  })
})

describe('a frozen app', () => {
  test.each(Object.keys(COMMANDS) as CommandName[])('is left alone by %s', async (command) => {
    const world = await worldIn('a warm one beside it')
    await acquireLock(contextOf(world), 'until Monday')
    const { outcome } = await run(world, command)
    expect(outcome).toMatchObject({ kind: 'aborted', failure: { code: 'frozen', freeze: { user: 'ada' } } })
    expect(world.containers).toEqual((await worldIn('a warm one beside it')).containers)
  })

  test('is frozen once, and thaws when who froze it says so', async () => {
    const world = await worldIn('one release')
    await acquireLock(contextOf(world), 'until Monday')
    expect(await failure(acquireLock(contextOf(world), 'again'))).toMatchObject({ code: 'frozen' })
    expect(await releaseLock(contextOf(world), { whose: 'own' })).toMatchObject({ freeze: undefined })
    expect((await run(world, 'perform')).outcome).toMatchObject({ kind: 'switched' })
  })

  test("that somebody else froze thaws only when that is said, and a run's lock never", async () => {
    const world = await worldIn('one release')
    world.freeze = { user: 'ben', host: 'there', since: '2026-01-29T10:00:00Z', message: '' }
    expect(await failure(releaseLock(contextOf(world), { whose: 'own' }))).toMatchObject({
      code: 'freeze-of-another',
    })
    expect(await releaseLock(contextOf(world), { whose: 'anyones' })).toMatchObject({ freeze: undefined })
    world.lock = { holder: OTHER, alive: true }
    expect(await failure(releaseLock(contextOf(world), { whose: 'anyones' }))).toMatchObject({
      code: 'locked',
    })
  })
})

async function failure(doing: Promise<unknown>): Promise<unknown> {
  return failureOf(await doing.catch((error: unknown) => error))
}

/** The step that ends right before one in this plan. */
function before(step: StepId): StepId {
  return (
    ({ start: 'jobs', switch: 'health', singletons: 'confirm' } as Partial<Record<StepId, StepId>>)[step] ??
    step
  )
}
