import { observeWorld } from '../../../src/app/world.ts'
import { didSwitch } from '../../../src/domain/choose-rollback.ts'
import { COLORS, type Color, colorProject, otherColor } from '../../../src/domain/color.ts'
import { judgeDrift } from '../../../src/domain/drift.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { createFaults } from './faults.ts'
import { portsOf } from './ports.ts'
import { wrongAfterCrash } from './restarts.ts'
import { APP, inColor, leadsTo, OWN, ownWeb, portHolder, releaseOfUsers, type World, webOf } from './world.ts'

/**
 * Looks at a world after every effect, with the eyes of users: once served, they always are, but for the moment in
 * which ports change hands, whose run says so in its journal.
 */
export function watchUsers(world: World): { look: () => void; seen: string[] } {
  const seen: string[] = []
  const tell = (what: string) => {
    if (!seen.includes(what)) seen.push(what)
  }
  let served = servedBy(world)
  return {
    seen,
    look: () => {
      if (workers(world) > 1) tell('the worker runs twice')
      if (served === undefined) return
      const now = servedBy(world)
      if (now === undefined && !portsChangeHands(world)) tell('users are not served')
      if (now?.by === served.by && now.id !== served.id) tell('what serves users was replaced')
      served = now ?? served
    },
  }
}

function portsChangeHands({ journal }: World): boolean {
  return journal?.takesPorts === true || journal?.ejects !== undefined
}

function servedBy(world: World): { by: Color | typeof OWN; id: string } | undefined {
  const own = ownWeb(world)
  if (portHolder(world) === 'own' && own !== undefined) return { by: OWN, id: own.id }
  const color = leadsTo(world)
  const web = color === undefined ? undefined : webOf(world, color)
  return color === undefined || web === undefined ? undefined : { by: color, id: web.id }
}

/** Whether users get an answer. */
export function isServed(world: World): boolean {
  return servedBy(world) !== undefined
}

function workers({ containers }: World): number {
  return containers.filter((each) => each.service === 'worker' && each.state === 'running').length
}

function workerRuns(world: World, color: Color): boolean {
  return inColor(world, color).some((each) => each.service === 'worker' && each.state === 'running')
}

/** Where records and reality differ, once nothing is under way any more. */
export async function disagreements(world: World): Promise<string[]> {
  const active = leadsTo(world)
  const { platform, proxy, store } = portsOf(world, createFaults({ fault: undefined, afterEffect: () => {} }))
  const drift = judgeDrift(await observeWorld({ platform, proxy, store }, APP))
  const found = [...drift.map((each) => `drift: ${JSON.stringify(each)}`), ...wrongAfterCrash(world, active)]
  if (world.journal !== undefined) found.push('a journal is left')
  if (world.lock !== undefined) found.push('a lock is left')
  if (world.containers.some(({ id }) => world.detached.includes(id)))
    found.push('a container is left without its networks')
  if (active === undefined && ownWeb(world) !== undefined && (workers(world) !== 1 || anyWorker(world)))
    found.push('the worker is not where users are')
  if (active === undefined) return found
  if (webOf(world, active) === undefined) found.push(`users are on ${active}, which does not run`)
  if (!workerRuns(world, active)) found.push('no worker where users are')
  if (workerRuns(world, otherColor(active))) found.push('a worker where no users are')
  const told = world.history.findLast(didSwitch)?.release
  const had = releaseOfUsers(world)
  return told === had ? found : [...found, `history ends with ${told}, users have ${had}`]
}

function anyWorker(world: World): boolean {
  return COLORS.some((color) => workerRuns(world, color))
}

/** Images that are held for no snapshot, and those that a snapshot lacks. */
export function strayImages(world: World): string[] {
  const held = Object.keys(world.images).filter((tag) => tag.startsWith('verdigris.local/'))
  const needed = Object.values(world.snapshots).flatMap(({ metadata }) =>
    metadata.images.map(({ tag }) => tag),
  )
  return [
    ...held.filter((tag) => !needed.includes(tag)).map((tag) => `${tag} is held for nothing`),
    ...needed.filter((tag) => !held.includes(tag)).map((tag) => `${tag} is gone`),
  ]
}

/** What an attempt that ended before the line leaves as it was. Containers that had been stopped are not missed. */
export function footprint(world: World): Record<string, string> {
  const { proxy, snapshots } = world
  const running = world.containers.filter(
    ({ project, service, state }) =>
      state === 'running' &&
      (COLORS.some((color) => project === colorProject(APP, color)) || (project === APP && service !== 'db')),
  )
  return {
    users: `${leadsTo(world)} ${releaseOfUsers(world)}`,
    proxy: JSON.stringify(proxy?.generations[proxy.loaded]?.site.releases),
    running: String(running.map(({ service, release }) => `${service} of ${release}`).sort()),
    snapshots: String(Object.keys(snapshots).sort()),
  }
}

/** What does not change where nothing was changed. */
function rest({ containers, history, journal, proxy, snapshots }: World): string {
  const states = containers.map(({ id, state }) => `${id} ${state}`)
  return JSON.stringify([states, history.length, journal, proxy?.loaded, Object.keys(snapshots)])
}

/** What an outcome says of users and is not so. */
export function untrue(outcome: Outcome, { before, after }: { before: World; after: World }): string[] {
  const [from, now] = [releaseOfUsers(before), releaseOfUsers(after)]
  switch (outcome.kind) {
    case 'switched':
      return now === outcome.release ? [] : [`it said switched to ${outcome.release}, users have ${now}`]
    case 'ejected':
      return now === OWN ? [] : [`it said ejected, users have ${now}`]
    case 'aborted':
      if (outcome.step === undefined && outcome.begun === undefined && rest(before) !== rest(after))
        return ['it said that nothing was changed']
      return now === from ? [] : [`it said aborted, users went from ${from} to ${now}`]
    case 'prepared':
    case 'unchanged':
    case 'cleaned':
    case 'refused':
    case 'rolled-back':
      return now === from ? [] : [`it said ${outcome.kind}, users went from ${from} to ${now}`]
    case 'stuck':
      return []
  }
}
