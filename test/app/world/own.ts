import type { Platform } from '../../../src/app/ports/platform.ts'
import type { ContainerFacts } from '../../../src/domain/facts.ts'
import { Expected } from '../../../src/domain/failure.ts'
import type { Faults } from './faults.ts'
import { containerOf } from './platform.ts'
import { APP, portHolder, type World } from './world.ts'

type Own = Pick<Platform, 'attachments' | 'detach' | 'attach' | 'createOwn'>

/** The user's own containers: they lose their networks, and with them the port of users, and get them back. */
export function ownOf(world: World, { heeding, lookHeeding }: Pick<Faults, 'heeding' | 'lookHeeding'>): Own {
  return {
    attachments: (ids) =>
      lookHeeding('attachments', () =>
        world.containers
          .filter(({ id, service }) => ids.includes(id) && service === 'web')
          .map(({ id }) => ({ ...ATTACHMENT, container: id })),
      ),
    detach: (attachments) =>
      heeding('detach', () => {
        world.detached.push(...attachments.map(({ container }) => container))
      }),
    attach: (attachments) =>
      heeding('attach', () => {
        const back = attachments.map(({ container }) => container)
        if (portHolder(world) === 'proxy' && runsAny(world, back)) throw taken()
        world.detached = world.detached.filter((id) => !back.includes(id))
      }),
    createOwn: (services) =>
      heeding(
        'createOwn',
        () => {
          world.containers = world.containers.filter(
            ({ project, service }) => project !== APP || !services.includes(service),
          )
        },
        () => {
          for (const service of services) makeOwn(world, service)
        },
      ),
  }
}

/** What `docker compose up` of the user's own file makes; the shop's folder is its own. */
export function makeOwn(world: World, service: string): ContainerFacts {
  const definition = world.compose.services[service] ?? {}
  const container = { ...containerOf(world, { project: APP, service, definition }), workingDir: '/srv/shop' }
  world.containers.push(container)
  return container
}

const ATTACHMENT = {
  network: `${APP}_default`,
  aliases: ['web'],
  links: [],
  ipv4: undefined,
  ipv6: undefined,
}

export function taken(): Expected {
  return new Expected({ code: 'port-taken', port: 8080, holder: undefined, container: undefined, own: true })
}

function runsAny({ containers }: World, ids: readonly string[]): boolean {
  return containers.some(({ id, state }) => ids.includes(id) && state === 'running')
}
