import { crowdedPort } from '../domain/crowded-port.ts'
import { Expected } from '../domain/failure.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Metadata } from '../domain/release.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Site } from '../domain/site.ts'
import { type Context, type Held, runCommand } from './command.ts'
import { type Draft, draftRelease } from './draft-release.ts'
import { type GivingBack, giveBack } from './eject/give-back.ts'
import { nameAgain } from './hold-again.ts'
import { isSameRelease } from './same-release.ts'
import { servingSite } from './switch.ts'

/** Gives the app back to plain `docker compose up`: the user's own project runs, colors and proxy are gone. */
export function eject(context: Context): Promise<Outcome> {
  return runCommand(context, 'eject', async (held) => {
    const site = await servingSite(context, held)
    const ejection = await planEject(context, held, site)
    const { routes, services } = ejection
    const listen = [...new Set(routes.map((route) => route.listen))]
    context.emit({ type: 'note', note: { note: 'ejecting', services, ports: listen } })
    held.begins('eject')
    await context.ports.platform.createOwn(services)
    return giveBack(context, held, ejection)
  })
}

/** What the user's own files would run is what users have, and it publishes the ports they come by. */
async function planEject(context: Context, { active, world }: Held, site: Site): Promise<GivingBack> {
  if (active === undefined) throw new Expected({ code: 'nothing-deployed' })
  const draft = await draftRelease(context, { color: active, at: context.ports.machine.now() })
  const id = runningRelease(world, active) ?? site.releases[active]
  const release = world.records.snapshots.find((snapshot) => snapshot.id === id)
  if (release !== undefined) await nameOwnAgain(context, release)
  if (release === undefined || !(await isSameRelease(context, draft, release)))
    throw new Expected({ code: 'eject-differs', release: id ?? active })
  const unpublished = site.listeners.map(({ port }) => port).filter((port) => !publishes(draft, port))
  if (unpublished.length > 0) throw new Expected({ code: 'eject-unpublished', ports: unpublished })
  const crowded = crowdedPort(draft.original)
  if (crowded !== undefined) throw new Expected({ code: 'eject-crowded', ...crowded })
  const services = draft.services
    .filter((service) => service.class === 'colored' || service.class === 'singleton')
    .map((service) => service.name)
  const { routes } = draft
  return { command: 'eject', color: active, release, routes, services, site, answers: 'as-configured' }
}

/** Plain Compose goes by the names of its file, which a prune may have taken from what still runs. */
async function nameOwnAgain({ emit, ports }: Context, { id, images }: Metadata): Promise<void> {
  const { platform } = ports
  for (const image of images)
    if ((await platform.image(image.image)) === undefined)
      await nameAgain({ emit, platform }, { ...image, release: id })
}

function publishes({ original }: Draft, port: number): boolean {
  return Object.values(original.services).some((service) =>
    service.ports?.some((each) => Number(each.published) === port),
  )
}
