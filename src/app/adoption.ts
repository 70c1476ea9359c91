import { type Adoption, findOwnContainers, ownServices } from '../domain/adoption.ts'
import type { World } from '../domain/facts.ts'
import type { ClassifiedService } from '../domain/service.ts'
import type { Settings } from '../domain/settings.ts'
import type { Platform } from './ports/platform.ts'

/** The app as the user's own `docker compose up` runs it, if users are on that; undefined: nothing of it runs. */
export async function gatherAdoption(
  { ports, settings }: { ports: { platform: Pick<Platform, 'attachments'> }; settings: Settings },
  world: World,
  services: readonly ClassifiedService[],
): Promise<Adoption | undefined> {
  const containers = findOwnContainers(world, { projectDir: settings.projectDir, services })
  if (containers.length === 0) return undefined
  const attachments = await ports.platform.attachments(containers.map((each) => each.id))
  return { containers, attachments }
}

/** Stops what users were moved off, each container within its grace time, and leaves it as Compose made it. */
export async function retireOwn(
  { ports, settings }: { ports: { platform: Platform }; settings: Settings },
  adoption: Adoption,
): Promise<void> {
  await ports.platform.stop(settings.app, ownServices(adoption))
  // Whoever types `docker compose up` finds the ports taken, and no app that runs with no network.
  await ports.platform.attach(adoption.attachments)
}
