import { type Color, colorProject } from './color.ts'
import type { ContainerFacts, World } from './facts.ts'
import type { HeldImage, Metadata, ReleaseId } from './release.ts'

/** Of these services of a release, those that have no container any more: a prune takes what waits for the switch. */
export function removedOf(
  containers: readonly ContainerFacts[],
  { names, project, release }: { names: readonly string[]; project: string; release: ReleaseId },
): string[] {
  const made = containers.filter(
    (each) => each.project === project && each.release === release && !each.oneOff,
  )
  return names.filter((name) => !made.some(({ service }) => service === name))
}

/** The images of singletons that must be made anew before a color that stands warm can take over. */
export function imagesOfRemoved(
  { app, containers }: Pick<World, 'app' | 'containers'>,
  { color, id, images, services }: Pick<Metadata, 'id' | 'images' | 'services'> & { color: Color },
): HeldImage[] {
  const singletons = services.filter((each) => each.class === 'singleton')
  const names = singletons.map(({ name }) => name)
  const removed = removedOf(containers, { project: colorProject(app, color), release: id, names })
  return images.filter(({ service }) => removed.includes(service))
}
