import { readFile } from 'node:fs/promises'
import type { ComposeModel } from '../../domain/compose-model.ts'
import type { ContainerFacts } from '../../domain/facts.ts'
import { failureOf } from '../../domain/failure.ts'
import { alwaysRunning } from '../../domain/restart-policy.ts'
import { COMPOSE_LABEL } from '../docker/container-facts.ts'
import type { Engine } from '../docker/engine.ts'
import { parseModel } from '../store/model-yaml.ts'

/** The services that a compose file has started with the engine, stopped or not; it never throws what is expected. */
export type AlwaysIn = () => Promise<readonly string[]>

/** A project, and its services that start with the engine. */
type Always = { project: string; alwaysIn: AlwaysIn }

/**
 * Lets Compose start what a project has. Containers that stood still before lost `restart: always` when they were
 * stopped, and Compose does not see that: those that run now get it back, else a crash of Docker 20.10, which starts
 * no `unless-stopped` container again, would leave users without them.
 */
export async function withAlwaysAgain(
  engine: Engine,
  { alwaysIn, project }: Always,
  start: () => Promise<void>,
): Promise<void> {
  const before = containersOf(engine, project)
  before.catch(() => undefined)
  await start()
  const stood = (await before).filter(({ state }) => state === 'exited')
  await giveBackToRunning(engine, stood, alwaysIn)
}

/** The same for what runs already: whoever took it from them, or was to give it back, may have died before the next step. */
export async function runningAlwaysAgain(engine: Engine, { alwaysIn, project }: Always): Promise<string[]> {
  const running = (await containersOf(engine, project)).filter(({ state }) => state === 'running')
  return await giveBackToRunning(engine, running, alwaysIn)
}

async function containersOf(engine: Engine, project: string): Promise<ContainerFacts[]> {
  const all = await engine.containers([`${COMPOSE_LABEL.project}=${project}`])
  return all.filter(({ oneOff }) => !oneOff)
}

async function giveBackToRunning(
  engine: Engine,
  containers: readonly ContainerFacts[],
  alwaysIn: AlwaysIn,
): Promise<string[]> {
  const found = await Promise.all(
    containers.map(async (each) => ({ ...each, now: await engine.inspect(each.id) })),
  )
  const without = found.filter(
    ({ now }) => now?.State.Running && now.HostConfig.RestartPolicy?.Name === 'unless-stopped',
  )
  return without.length === 0 ? [] : await giveBackAlways(engine, without, await alwaysIn())
}

/** Containers that run again start with the engine as their compose file has it; returns the names of those. */
export async function giveBackAlways(
  engine: Engine,
  containers: readonly { id: string; name: string; service: string }[],
  always: readonly string[],
): Promise<string[]> {
  const meant = containers.filter(({ service }) => always.includes(service))
  await Promise.all(meant.map(({ id }) => engine.setRestart(id, 'always')))
  return meant.map(({ name }) => name)
}

/** Of a compose file that a snapshot has. */
export function alwaysInFile(path: string): AlwaysIn {
  return async () => {
    const parsed = await parseModel(await readFile(path, 'utf8').catch(() => ''))
    return 'model' in parsed ? alwaysRunning(parsed.model) : []
  }
}

/** Of the user's own files; where they say nothing that Compose takes, containers stay as they are. */
export function alwaysInModel(model: () => Promise<ComposeModel>): AlwaysIn {
  return async () => {
    try {
      return alwaysRunning(await model())
    } catch (error) {
      if (failureOf(error) === undefined) throw error
      return []
    }
  }
}
