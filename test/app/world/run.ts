import { cleanup } from '../../../src/app/cleanup.ts'
import { type Context, runCommand } from '../../../src/app/command.ts'
import { eject } from '../../../src/app/eject.ts'
import { mend } from '../../../src/app/mend.ts'
import { perform } from '../../../src/app/perform.ts'
import { rollback } from '../../../src/app/rollback.ts'
import { switchTo } from '../../../src/app/switch.ts'
import { otherColor } from '../../../src/domain/color.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { createFaults, type Fault } from './faults.ts'
import { watchUsers } from './laws.ts'
import { makeOwn } from './own.ts'
import { portsOf } from './ports.ts'
import { ENDS_AT_ONCE, FAILS_UNDER_USERS, publish, SETTINGS } from './shop.ts'
import { leadsTo, type World } from './world.ts'

const GO = {
  images: { pull: 'ask-registry', build: 'always' },
  health: 'wait',
  unchanged: 'stop',
  changedShared: 'leave',
} as const

type Command = (world: World, context: Context) => Promise<Outcome>

/** Every command that changes something. */
export const COMMANDS = {
  perform: (world, context) => {
    publish(world, next(world))
    return perform(context, { ...GO, line: { kind: 'switch' } })
  },
  'perform, no switch': (world, context) => {
    publish(world, next(world))
    return perform(context, { ...GO, line: { kind: 'stop' } })
  },
  'perform, cleanup': (world, context) => {
    publish(world, next(world))
    const settings = { ...context.settings, autoCleanup: true }
    return perform({ ...context, settings }, { ...GO, line: { kind: 'switch' } })
  },
  'perform of what ends at once': (world, context) => {
    publish(world, next(world), ENDS_AT_ONCE)
    return perform(context, { ...GO, line: { kind: 'switch' } })
  },
  'perform of what fails under users': (world, context) => {
    publish(world, next(world), FAILS_UNDER_USERS)
    return perform(context, { ...GO, line: { kind: 'switch' } })
  },
  switch: (world, context) =>
    switchTo(context, { color: otherColor(leadsTo(world) ?? 'green'), unhealthy: 'refuse' }),
  rollback: (_, context) => rollback(context, { to: undefined }),
  'rollback to the oldest': (world, context) =>
    rollback(context, { to: Object.keys(world.snapshots).sort(byAge)[0] }),
  eject: (_, context) => eject(context),
  cleanup: (_, context) => cleanup(context, { color: undefined, containers: 'stop' }),
  'cleanup, remove': (_, context) => cleanup(context, { color: undefined, containers: 'remove' }),
} satisfies Record<string, Command>

export type CommandName =
  | keyof typeof COMMANDS
  | 'look'
  | 'docker compose up'
  | 'docker system prune -a'
  | 'doctor --fix'

/** What the user does without this tool. */
async function composeUp(world: World): Promise<Outcome> {
  publish(world, next(world))
  for (const service of ['db', 'web', 'worker']) makeOwn(world, service).state = 'running'
  return NOTHING_DONE
}

/** Takes what does not run, and all names of images by which no container was made. */
async function pruneSystem(world: World): Promise<Outcome> {
  world.containers = world.containers.filter(({ state }) => state === 'running')
  const used = world.containers.map(({ image }) => image)
  world.images = Object.fromEntries(Object.entries(world.images).filter(([name]) => used.includes(name)))
  return NOTHING_DONE
}

const NOTHING_DONE: Outcome = { kind: 'cleaned', color: 'blue', removed: false, containers: 0 }

/** What every command does before its own work, and nothing else: it finds a dead run and ends it. */
function look(_: World, context: Context): Promise<Outcome> {
  return runCommand(context, 'perform', async () => NOTHING_DONE)
}

/** Whatever could not be put right is a failure. */
async function mendAll(_: World, context: Context): Promise<Outcome> {
  const [first] = (await mend(context)).failed
  if (first === undefined) return NOTHING_DONE
  return { kind: 'aborted', failure: first.failure, step: undefined, active: undefined, begun: 'recovery' }
}

export type Ran = {
  /** undefined: it threw. */
  outcome: Outcome | undefined
  thrown: unknown
  /** It told that something was left over. */
  leftover: boolean
  /** How many points it passed at which something could have gone wrong. */
  points: number
  /** What users met meanwhile and never may. */
  seen: string[]
}

/** Runs a command in a world, as a process of its own that is gone afterwards. */
export async function run(world: World, name: CommandName, fault?: Fault): Promise<Ran> {
  world.nowMs += 10_000
  const watch = watchUsers(world)
  const faults = createFaults({ fault, afterEffect: watch.look })
  let leftover = false
  const context: Context = {
    ports: portsOf(world, faults),
    settings: SETTINGS,
    emit: (event) => {
      if (event.type === 'note' && event.note.note === 'leftover') leftover = true
    },
  }
  const command = commandOf(name)
  let outcome: Outcome | undefined
  let thrown: unknown
  try {
    outcome = await command(world, context)
  } catch (error) {
    thrown = error
  }
  // What the run began and did not wait for ends with its process.
  await new Promise((resolve) => setImmediate(resolve))
  if (world.lock !== undefined) world.lock.alive = false
  return { outcome, thrown, leftover, points: faults.passed(), seen: watch.seen }
}

function commandOf(name: CommandName): Command {
  switch (name) {
    case 'look':
      return look
    case 'docker compose up':
      return composeUp
    case 'docker system prune -a':
      return pruneSystem
    case 'doctor --fix':
      return mendAll
    default:
      return COMMANDS[name]
  }
}

function next({ snapshots, compose }: World): string {
  return String(
    Object.keys(snapshots).length + Number.parseInt(compose.services.web?.image?.split(':')[1] ?? '0', 10),
  )
}

function byAge(a: string, b: string): number {
  return a.slice(a.indexOf('-')) < b.slice(b.indexOf('-')) ? -1 : 1
}
