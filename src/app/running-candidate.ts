import { routesOfSite } from '../domain/build-site.ts'
import type { Color } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import type { ReleaseId } from '../domain/release.ts'
import { imagesOfRemoved } from '../domain/removed-singletons.ts'
import type { Site } from '../domain/site.ts'
import type { Context, Held } from './command.ts'
import { holdAgain } from './hold-again.ts'
import type { Candidate } from './run.ts'

/** The release that runs in a color already: users can be moved to it without starting anything. */
export function runningCandidate(from: {
  world: World
  site: Site
  color: Color
  release: ReleaseId
}): Candidate {
  const known = from.world.records.snapshots.find((snapshot) => snapshot.id === from.release)
  return {
    release: from.release,
    services: known?.services ?? [],
    routes: known?.routes ?? routesOfSite(from.site, from.color),
    links: known?.links ?? [],
    volumes: known?.volumes ?? [],
    definitions: known?.definitions ?? {},
    resolved: known?.resolved ?? {},
    images: known?.images ?? [],
    fingerprint: known?.fingerprint ?? '',
    original: undefined,
    model: undefined,
    restoredFrom: undefined,
  }
}

/**
 * The same, with the images of singletons that somebody removed: what cannot be had ends the run before users are moved
 * to a release that is not whole; `images-gone`, `image-missing`.
 */
export async function warmCandidate(
  context: Context,
  { world }: Held,
  warm: { site: Site; color: Color; release: ReleaseId },
): Promise<Candidate> {
  const candidate = runningCandidate({ ...warm, world })
  const id = candidate.release
  await holdAgain(context, { id, images: imagesOfRemoved(world, { ...candidate, id, color: warm.color }) })
  return candidate
}
