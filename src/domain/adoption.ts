import { activeColor } from './drift.ts'
import type { ContainerFacts, World } from './facts.ts'
import type { ClassifiedService } from './service.ts'

/** A container of the user's own `docker compose up` that a release takes the place of. */
export type OwnContainer = { id: string; name: string; service: string; class: 'colored' | 'singleton' }

/** Where a container is attached, with all that it takes to attach it there again. */
export type Attachment = {
  container: string
  network: string
  aliases: string[]
  links: string[]
  /** Fixed addresses; undefined: the engine picks one. */
  ipv4: string | undefined
  ipv6: string | undefined
}

/** An app that runs under plain `docker compose up`, while its users are moved off it. */
export type Adoption = {
  containers: OwnContainer[]
  /** Of those that publish ports: without them the ports are free, and the containers go on running. */
  attachments: Attachment[]
}

/** How long the ports are expected to be nobody's while they change hands, in ms; measured, see ARCHITECTURE. */
export const EXPECTED_GAP_MS = 400

const ALIVE: readonly ContainerFacts['state'][] = ['running', 'restarting', 'paused']

/**
 * What runs of the app in the user's own project, of services that a release brings itself: [] once a color serves,
 * and where the project is of another folder. Shared services stay what they are.
 */
export function findOwnContainers(
  world: World,
  { projectDir, services }: { projectDir: string; services: readonly ClassifiedService[] },
): OwnContainer[] {
  if (activeColor(world) !== undefined) return []
  return world.containers.flatMap(({ id, name, oneOff, project, service, state, workingDir }) => {
    if (project !== world.app || oneOff || workingDir !== projectDir || !ALIVE.includes(state)) return []
    const role = services.find((each) => each.name === service)?.class
    return role === 'colored' || role === 'singleton' ? [{ id, name, service, class: role }] : []
  })
}

/** The services of an adopted app, each once, in the order of the alphabet. */
export function ownServices({ containers }: Pick<Adoption, 'containers'>): string[] {
  return [...new Set(containers.map((container) => container.service))].sort()
}

/** The names of those containers that publish ports. */
export function servingContainers({ attachments, containers }: Adoption): string[] {
  const serving = attachments.map(({ container }) => container)
  return containers.flatMap(({ id, name }) => (serving.includes(id) ? [name] : [])).sort()
}
