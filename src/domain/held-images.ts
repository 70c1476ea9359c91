import { newestFirst } from './choose-rollback.ts'
import { holdPrefix } from './hold-tag.ts'
import type { HeldImage, Metadata, ReleaseId } from './release.ts'

/** An image as the engine lists it: its id, and the names it goes by. */
export type ListedImage = { id: string; tags: string[] }

/** How an image of a release gets the name back that its snapshot starts it by. */
export type WayBackToImage =
  | { way: 'held' }
  /** It is there and lost that name: `docker image prune -a` takes all names but one from images in use. */
  | { way: 'name-again' }
  /** `reference` names exactly this image at its registry. */
  | { way: 'pull'; reference: string }
  | { way: 'gone' }

/**
 * The digest by which an image can be had again. Docker's containerd image store lists one for every name of an image,
 * those by which it is held included, of which no registry knows.
 */
export function registryDigest(
  digests: readonly string[],
  { app, image }: { app: string; image: string },
): string | undefined {
  const known = digests.filter((digest) => !digest.startsWith(holdPrefix(app)))
  const repository = image.replace(/[:@][^/]*$/, '')
  return known.find((digest) => digest.startsWith(`${repository}@`)) ?? known[0]
}

/** Whether an image of a release is held, or what brings it back. */
export function judgeHeld(image: HeldImage, listed: readonly ListedImage[]): WayBackToImage {
  if (listed.some(({ tags }) => tags.includes(image.tag))) return { way: 'held' }
  if (listed.some(({ id }) => id === image.id)) return { way: 'name-again' }
  return image.digest === undefined ? { way: 'gone' } : { way: 'pull', reference: image.digest }
}

/** What of a release is gone for good, and what has to be pulled again, by the names of the compose file. */
export function judgeRelease(
  images: readonly HeldImage[],
  listed: readonly ListedImage[],
): { gone: string[]; pulls: string[] } {
  const of = (way: WayBackToImage['way']) => [
    ...new Set(images.filter((each) => judgeHeld(each, listed).way === way).map(({ image }) => image)),
  ]
  return { gone: of('gone'), pulls: of('pull') }
}

/** An image as the record of a release has it. */
export type RecordedImage = HeldImage & { release: ReleaseId }

/** What a reference of a compose file was the name of when it was last deployed. */
export function lastKnownAs(
  reference: string,
  releases: readonly Pick<Metadata, 'created' | 'id' | 'images'>[],
): RecordedImage | undefined {
  for (const { id, images } of newestFirst(releases)) {
    const image = images.find((each) => each.image === reference)
    if (image !== undefined) return { ...image, release: id }
  }
  return undefined
}

/** Whether a reference that names nothing any more can be given back to that image: a digest is no name to give. */
export function canNameAgain({ id, image }: RecordedImage, listed: readonly ListedImage[]): boolean {
  return !image.includes('@') && listed.some((each) => each.id === id)
}
