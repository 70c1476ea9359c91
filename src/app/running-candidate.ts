import { routesOfSite } from '../domain/build-site.ts'
import type { Color } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import type { ReleaseId } from '../domain/release.ts'
import type { Site } from '../domain/site.ts'
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
