import { parseColor } from '../../domain/color.ts'
import type { ContainerFacts } from '../../domain/facts.ts'
import { LABEL } from '../../domain/labels.ts'

/** Labels that Compose puts on what it makes. Source: docker/compose, pkg/api/labels.go. */
export const COMPOSE_LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  oneOff: 'com.docker.compose.oneoff',
  dependsOn: 'com.docker.compose.depends_on',
  workingDirectory: 'com.docker.compose.project.working_dir',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  version: 'com.docker.compose.version',
  definition: 'com.docker.compose.config-hash',
} as const

/** What the containers of a service bear that are no `docker compose run`. */
export function serviceLabels(project: string, service: string): string[] {
  const { oneOff, project: ofProject, service: ofService } = COMPOSE_LABEL
  return [`${ofProject}=${project}`, `${ofService}=${service}`, `${oneOff}=False`]
}

/** In every other state a container has ended, and the engine leaves it so. */
export const MAY_RUN: readonly ContainerFacts['state'][] = ['created', 'running', 'restarting', 'paused']

/** What both readers, the command line and the API, know of a container in a list. */
export type ListedContainer = {
  id: string
  name: string
  image: string
  state: string
  status: string
  label: (name: string) => string | undefined
}

export function containerFacts(listed: ListedContainer): ContainerFacts {
  const { label } = listed
  return {
    id: listed.id,
    name: listed.name,
    project: label(COMPOSE_LABEL.project) ?? '',
    service: label(COMPOSE_LABEL.service) ?? '',
    workingDir: label(COMPOSE_LABEL.workingDirectory) || undefined,
    app: label(LABEL.app) || undefined,
    color: parseColor(label(LABEL.color) ?? ''),
    release: label(LABEL.release) || undefined,
    definition: label(COMPOSE_LABEL.definition) || undefined,
    image: listed.image,
    state: parseState(listed.state),
    health: parseHealth(listed.status),
    status: listed.status,
    oneOff: label(COMPOSE_LABEL.oneOff) === 'True',
  }
}

const STATES: readonly ContainerFacts['state'][] = [
  'created',
  'running',
  'restarting',
  'paused',
  'exited',
  'removing',
  'dead',
]

function parseState(word: string): ContainerFacts['state'] {
  return STATES.find((state) => state === word) ?? 'dead'
}

/** A list tells health only inside the status: "Up 3 minutes (healthy)", "Up 1 second (health: starting)". */
function parseHealth(status: string): ContainerFacts['health'] {
  if (status.endsWith('(healthy)')) return 'healthy'
  if (status.endsWith('(unhealthy)')) return 'unhealthy'
  return status.endsWith('(health: starting)') ? 'starting' : undefined
}
