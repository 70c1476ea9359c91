import { type CommandName, run } from './run.ts'
import { newWorld } from './shop.ts'
import { copyOf, type World } from './world.ts'

/** Where an app can stand when a command begins, and the commands that led there. */
export const STATES = {
  'nothing deployed': [],
  'one release': ['perform'],
  'a warm one beside it': ['perform', 'perform'],
  'a warm one beside it, pruned': ['perform', 'perform', 'docker system prune -a'],
  'one prepared': ['perform', 'perform, no switch'],
  'the old one stopped': ['perform', 'perform', 'cleanup'],
  'the old one removed': ['perform', 'perform', 'cleanup, remove'],
  'rolled back': ['perform', 'perform', 'rollback'],
  'a third release': ['perform', 'perform', 'perform'],
  'under plain compose': ['docker compose up'],
  'under plain compose, one prepared': ['docker compose up', 'perform, no switch'],
  adopted: ['docker compose up', 'perform'],
  ejected: ['docker compose up', 'perform', 'eject'],
} satisfies Record<string, CommandName[]>

export type StateName = keyof typeof STATES

/** A world in such a state, made once. */
export async function worldIn(state: StateName): Promise<World> {
  worlds[state] ??= worldAfter(state)
  return copyOf(await worlds[state])
}

const worlds: Partial<Record<StateName, Promise<World>>> = {}

/** All went well on the way there. */
async function worldAfter(state: StateName): Promise<World> {
  const world = newWorld()
  for (const command of STATES[state]) {
    const { outcome, thrown } = await run(world, command)
    if (outcome === undefined || 'failure' in outcome)
      throw new Error(`${state}: ${command}`, { cause: thrown })
  }
  return world
}
