import { describe, expect, test } from 'vitest'
import { disagreements } from './world/laws.ts'
import { run } from './world/run.ts'
import { worldIn } from './world/states.ts'
import { releaseOfUsers, type World } from './world/world.ts'

const STATE = 'a warm one beside it, pruned'

describe('`docker system prune -a` takes the worker that waits in the warm color, and the name of its image', () => {
  const tagOfWorker = ({ snapshots }: World) => {
    const [oldest] = Object.values(snapshots)
    return oldest?.metadata.images.find(({ service }) => service === 'worker')?.tag ?? ''
  }

  test.each(['rollback', 'switch'] as const)(
    'both are there again before a %s moves users',
    async (command) => {
      const world = await worldIn(STATE)
      expect(world.images).not.toHaveProperty([tagOfWorker(world)])
      expect((await run(world, command)).outcome).toMatchObject({ kind: 'switched', to: 'blue' })
      expect(world.images).toHaveProperty([tagOfWorker(world)])
      expect(await disagreements(world)).toEqual([])
    },
  )

  test.each(['rollback', 'switch'] as const)(
    'an image that is gone ends a %s before the line',
    async (command) => {
      const world = await worldIn(STATE)
      const had = releaseOfUsers(world)
      world.images = {}
      const { outcome, thrown } = await run(world, command)
      expect(outcome ?? thrown).toMatchObject({ failure: { code: 'images-gone', images: ['shop/web:1'] } })
      expect(releaseOfUsers(world)).toBe(had)
    },
  )

  test('a release that goes back to plain Compose has the name that its file asks for', async () => {
    const world = await worldIn(STATE)
    expect(world.images).not.toHaveProperty(['shop/web:2'])
    expect((await run(world, 'eject')).outcome).toMatchObject({ kind: 'ejected' })
    expect(world.images).toHaveProperty(['shop/web:2'])
  })
})
