import { COLORS, type Color, colorProject } from '../../../src/domain/color.ts'
import type { HistoryEntry } from '../../../src/domain/release.ts'
import type { AppContainer, Facts } from './facts.ts'

/** Something that is not as it should be once a command has ended and nothing is under way any more. */
export interface Broken {
  kind: 'wrong record' | 'leftover' | 'wrong end'
  what: string
}

export function brokenLaws(facts: Facts): Broken[] {
  const colors = COLORS.map((color) => colorOf(facts, color))
  return [
    ...as('wrong record', [...records(facts), ...colors.flatMap(({ wrong }) => wrong)]),
    ...as('leftover', [...leftovers(facts), ...colors.flatMap(({ left }) => left)]),
  ]
}

export function as(kind: Broken['kind'], told: readonly string[]): Broken[] {
  return told.map((what) => ({ kind, what }))
}

/** Where users are, by what they are answered, and who says otherwise. */
function records({ active, answered, history, snapshots, status }: Facts): string[] {
  const broken: string[] = []
  const version = (release: string | undefined) => snapshots.find(({ id }) => id === release)?.version
  const color = status.active
  if (color === undefined) return ['nginx leads nowhere']
  const served = status.colors[color].release
  if (version(served) !== answered)
    broken.push(`${color} runs ${served} (${version(served)}), users are answered by ${answered}`)
  if (active !== color) broken.push(`active says ${active}, nginx leads to ${color}`)
  const last = history.findLast(didSwitch)
  if (last?.release !== served || last?.to !== color)
    broken.push(`history ends on ${last?.release}, users have ${served}`)
  const runs = history.map((entry) => entry.startedAt)
  if (new Set(runs).size !== runs.length) broken.push('a run stands twice in history')
  if (status.drift.length > 0) broken.push(`drift: ${JSON.stringify(status.drift)}`)
  if (status.deadRun !== undefined) broken.push(`a dead run is left: ${JSON.stringify(status.deadRun)}`)
  if (status.lock !== undefined) broken.push('a lock is left')
  for (const { id, whole } of snapshots) if (!whole) broken.push(`snapshot ${id} lacks a file`)
  return broken
}

function didSwitch({ result }: HistoryEntry): boolean {
  return result === 'switched' || result === 'finished-late'
}

function colorOf({ app, containers, networks, snapshots, status }: Facts, color: Color) {
  const project = colorProject(app, color)
  const own = containers.filter((each) => each.project === project)
  const left = own.filter(({ oneOff }) => oneOff).map(({ name }) => `${name} is left of a job`)
  if (own.length === 0 && networks.some((name) => name.startsWith(`${project}_`)))
    left.push(`${project} left a network`)
  const wrong: string[] = []
  const releases = [...new Set(own.map(({ release }) => release))]
  if (releases.length > 1) wrong.push(`${project} mixes ${releases.join(' and ')}`)
  for (const release of releases)
    if (!snapshots.some(({ id }) => id === release))
      wrong.push(`${project} has ${release} without a snapshot`)
  const runs = (service: string) => own.filter((each) => each.service === service && each.running).length
  const wanted = status.active === color ? 1 : 0
  if (runs('worker') !== wanted) wrong.push(`${project} runs ${runs('worker')} workers, not ${wanted}`)
  if (wanted === 1 && runs('web') !== 1) wrong.push(`users are on ${color}, which runs ${runs('web')} web`)
  return { left, wrong }
}

const KNOWN_FILES = /^(active|history\.json|proxy)$/
/** What a program that dies while it writes leaves, and a later one removes when it is an hour old. */
export const TEMPORARY = /^\..+\.tmp-[0-9a-f]{12}$/
// Retention keeps three, and what runs, stands by, or is gone back to.
const MOST_SNAPSHOTS = 6

function leftovers({ app, containers, files, networks, snapshots, tags, volumes }: Facts): string[] {
  const projects = [app, ...COLORS.map((color) => colorProject(app, color)), `${app}-proxy`]
  const held = snapshots.flatMap(({ images }) => images.map(({ tag }) => tag))
  const of = (project: string) => containers.filter((each) => each.project === project)
  return [
    ...strays(containers, projects).map(({ name }) => `${name} belongs to nothing`),
    ...[app, `${app}-proxy`]
      .filter((project) => of(project).length !== 1)
      .map((project) => `${project} has ${of(project).length} containers`),
    ...files
      .filter((name) => !KNOWN_FILES.test(name) && !TEMPORARY.test(name))
      .map((name) => `a file is left: ${name}`),
    ...tags.filter((tag) => !held.includes(tag)).map((tag) => `${tag} is held for nothing`),
    ...held.filter((tag) => !tags.includes(tag)).map((tag) => `${tag} is gone`),
    ...networks
      .filter(
        (name) => name !== `00-${app}-proxy` && !projects.some((project) => name.startsWith(`${project}_`)),
      )
      .map((name) => `a network is left: ${name}`),
    ...(volumes.length === 2 ? [] : [`volumes: ${volumes.join(' ')}`]),
    ...(snapshots.length > MOST_SNAPSHOTS ? [`${snapshots.length} snapshots`] : []),
  ]
}

function strays(containers: readonly AppContainer[], projects: readonly string[]): AppContainer[] {
  return containers.filter(({ project }) => !projects.includes(project))
}
