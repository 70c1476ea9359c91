import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from './world/faults.ts'
import { judge } from './world/judge.ts'
import { disagreements } from './world/laws.ts'
import { COMMANDS, type CommandName, run } from './world/run.ts'
import { STATES, type StateName, worldIn } from './world/states.ts'
import { copyOf, releaseOfUsers, type World } from './world/world.ts'

const STATE_NAMES = Object.keys(STATES) as StateName[]
/** Of two states that ask the same of a command one is enough, where every call is tried. */
const DISTINCT = STATE_NAMES.filter(
  (state) => !['the old one removed', 'rolled back', 'ejected'].includes(state),
)
const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[]

/** Every command, with the fault at every point it passes; what was broken, and where. */
async function everywhere(before: World, way: Fault['way']): Promise<string[]> {
  const broken: string[] = []
  for (const command of COMMAND_NAMES) {
    const { points } = await run(copyOf(before), command)
    for (let at = 0; at < points; at += 1)
      for (const each of await judge(before, command, { at, way })) broken.push(`${command}, ${at}: ${each}`)
  }
  return broken
}

describe('from every state, at every call of every command, before and after its effect', () => {
  test.each(DISTINCT)(
    '%s: what fails is taken back, or stands and is told',
    async (state) => {
      expect(await everywhere(await worldIn(state), 'fails')).toEqual([])
    },
    120_000,
  )

  test.each(DISTINCT)(
    '%s: what a killed run left is ended by the next command',
    async (state) => {
      expect(await everywhere(await worldIn(state), 'dies')).toEqual([])
    },
    120_000,
  )
})

test('what a killed cleanup was about to stop comes up with the engine once users are on it', async () => {
  const before = await worldIn('a warm one beside it')
  const { points } = await run(copyOf(before), 'cleanup')
  for (let at = 0; at < points; at += 1) {
    const world = copyOf(before)
    await run(world, 'cleanup', { at, way: 'dies' })
    expect((await run(world, 'rollback')).outcome).toMatchObject({ kind: 'switched' })
    expect(await disagreements(world), `killed at ${at}`).toEqual([])
  }
})

const way = fc.constantFrom<Fault['way']>('fails', 'bug', 'dies', 'interrupt')
const fault = fc.record({ at: fc.nat(140), way })
const command = fc.constantFrom(...COMMAND_NAMES)

test('an interruption is heard wherever it comes, and a bug is survived', async () => {
  const one = fc.record({ state: fc.constantFrom(...STATE_NAMES), command, fault })
  await fc.assert(
    fc.asyncProperty(one, async (drawn) => {
      expect(await judge(await worldIn(drawn.state), drawn.command, drawn.fault)).toEqual([])
    }),
    { numRuns: 300, seed: 1 },
  )
}, 120_000)

/** One command after the other, each cut short somewhere, the recovery of those before it included. */
test('whatever went wrong in a row, users were served, and the next release goes out and comes back', async () => {
  const row = fc.array(fc.record({ command, fault }), { minLength: 2, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...STATE_NAMES), row, async (state, troubles) => {
      const world = await worldIn(state)
      for (const trouble of troubles) {
        const { seen } = await run(world, trouble.command, trouble.fault)
        expect(seen).toEqual([])
      }
      await goesOutAndComesBack(world)
    }),
    { numRuns: 200, seed: 2 },
  )
}, 120_000)

async function goesOutAndComesBack(world: World): Promise<void> {
  await run(world, 'look')
  expect((await run(world, 'perform')).outcome).toMatchObject({ kind: 'switched' })
  expect(await disagreements(world)).toEqual([])
  const had = releaseOfUsers(world)
  expect((await run(world, 'perform')).outcome).toMatchObject({ kind: 'switched', from: expect.anything() })
  expect((await run(world, 'rollback')).outcome).toMatchObject({ kind: 'switched', release: had })
  expect(await disagreements(world)).toEqual([])
}
