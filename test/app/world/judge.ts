import type { Fault } from './faults.ts'
import { disagreements, footprint, isServed, strayImages, untrue } from './laws.ts'
import { type CommandName, run } from './run.ts'
import { copyOf, releaseOfUsers, type World } from './world.ts'

/** Runs a command that meets a fault, and what comes after it; returns all that was broken then. */
export async function judge(before: World, command: CommandName, fault: Fault): Promise<string[]> {
  const world = copyOf(before)
  const ran = await run(world, command, fault)
  const broken = [...ran.seen]
  const crashed = fault.way === 'dies' || fault.way === 'bug'
  if (ran.outcome !== undefined) broken.push(...untrue(ran.outcome, { before, after: world }))
  if (ran.thrown !== undefined && !crashed) broken.push(`it threw ${ran.thrown}`)
  // What fails while a release that fails is taken back can leave it stuck: two things at once.
  const stuck = ran.outcome?.kind === 'stuck'
  if (stuck && command !== 'perform of what fails under users') broken.push('stuck')
  if (crashed || ran.leftover || stuck) {
    const next = await run(world, 'look')
    broken.push(...next.seen.map((each) => `then ${each}`))
    if (next.outcome?.kind !== 'cleaned') broken.push('the next command does not get on')
  }
  if (!stuck && isServed(before) && !isServed(world)) broken.push('users are left with nothing')
  if (world.history.length > before.history.length + 1) broken.push('it is written down twice')
  // What is told to be left over is left, and is no surprise.
  const strayed = strayImages(before)
  const stray = strayImages(world).filter((each) => !strayed.includes(each))
  if (!ran.leftover && !stuck) broken.push(...(await disagreements(world)), ...stray)
  if (!ran.leftover && wasTakenBack(ran.outcome?.kind, { before, after: world, command }))
    broken.push(...changes(footprint(before), footprint(world)))
  return broken
}

/** Past the line the new color stays for a person to look at; a prepared one stays, and cleanup is done. */
function wasTakenBack(
  kind: string | undefined,
  { after, before, command }: { before: World; after: World; command: CommandName },
): boolean {
  if (kind === 'rolled-back' || kind === 'stuck' || command.startsWith('cleanup')) return false
  const last = after.history.at(before.history.length)?.result
  return last !== 'prepared' && last !== 'rolled-back' && releaseOfUsers(before) === releaseOfUsers(after)
}

function changes(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before)
    .filter((key) => before[key] !== after[key])
    .map((key) => `${key}: ${before[key]} became ${after[key]}`)
}
