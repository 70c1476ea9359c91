import { describe, expect, test } from 'vitest'
import type { Fault } from './world/faults.ts'
import { disagreements, isServed, strayImages } from './world/laws.ts'
import { type CommandName, run } from './world/run.ts'
import { type StateName, worldIn } from './world/states.ts'
import { TROUBLES, type Trouble } from './world/troubles.ts'
import { copyOf, releaseOfUsers, type World } from './world/world.ts'

const WAYS: readonly Fault['way'][] = ['fails', 'dies', 'interrupt']

/** What is broken once nothing comes in the way of `doctor --fix` any more. */
async function brokenAfterMending(
  world: World,
  { had, served = true }: { had?: string | undefined; served?: boolean },
): Promise<string[]> {
  const { outcome, seen, thrown } = await run(world, 'doctor --fix')
  const broken = [...seen, ...(await disagreements(world)), ...strayImages(world)]
  if (outcome?.kind !== 'cleaned') broken.push(`it ended with ${JSON.stringify(outcome)}, ${thrown}`)
  if (served && !isServed(world)) broken.push('users are left with nothing')
  if (had !== undefined && releaseOfUsers(world) !== had)
    broken.push(`users had ${had} and have ${releaseOfUsers(world)}`)
  return broken
}

describe('doctor --fix, with a fault at every call it makes', () => {
  test.each(Object.keys(TROUBLES) as Trouble[])(
    'after somebody %s: users keep what they have',
    async (name) => {
      const before = await worldIn('a warm one beside it')
      const had = releaseOfUsers(before)
      TROUBLES[name](before)
      expect(await brokenAfterMending(copyOf(before), { had })).toEqual([])
      const { points } = await run(copyOf(before), 'doctor --fix')
      for (const way of WAYS)
        for (let at = 0; at < points; at += 1) {
          const world = copyOf(before)
          const { seen } = await run(world, 'doctor --fix', { at, way })
          const broken = [...seen, ...(await brokenAfterMending(world, { had }))]
          if (world.history.length > before.history.length + 1) broken.push('it is written down twice')
          expect(broken, `${way} at ${at}`).toEqual([])
        }
    },
  )
})

const KILLED: [StateName, CommandName][] = [
  ['nothing deployed', 'perform'],
  ['a warm one beside it', 'perform'],
  ['a warm one beside it', 'perform of what fails under users'],
  ['a warm one beside it', 'rollback'],
  ['the old one removed', 'rollback'],
  ['a warm one beside it', 'cleanup, remove'],
  ['a warm one beside it', 'eject'],
  ['under plain compose', 'perform'],
]

test.each(KILLED)(
  '%s: %s, killed at any call, is ended by doctor --fix as by any command',
  async (state, command) => {
    const before = await worldIn(state)
    const { points } = await run(copyOf(before), command)
    for (let at = 0; at < points; at += 1) {
      const world = copyOf(before)
      const { seen } = await run(world, command, { at, way: 'dies' })
      const broken = [...seen, ...(await brokenAfterMending(world, { served: isServed(before) }))]
      expect(broken, `killed at ${at}`).toEqual([])
    }
  },
)
