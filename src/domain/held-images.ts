import { newestFirst } from './choose-rollback.ts'
import type { ImageFacts } from './facts.ts'
import { holdPrefix } from './hold-tag.ts'
import type { HeldImage, Metadata, ReleaseId } from './release.ts'

/** An image as the engine lists it: its id, and the names it goes by. */
export type ListedImage = { id: string; tags: string[] }

/** How an image of a release gets the name back that its snapshot starts it by. */
export type WayBackToImage =
  | { way: 'held' }
  /** It is there and lost that name: `docker image prune -a` takes all names but one from images in use. */
  | { way: 'name-again' }
  /** `reference` names exactly this image at its registry; `unproved`: if that has it. */
  | { way: 'pull'; reference: string; unproved: boolean }
  | { way: 'gone' }

/** Whether an image of a release is held, or what brings it back. */
export function judgeHeld(image: HeldImage, listed: readonly ListedImage[]): WayBackToImage {
  if (listed.some(({ tags }) => tags.includes(image.tag))) return { way: 'held' }
  if (listed.some(({ id }) => id === image.id)) return { way: 'name-again' }
  if (image.digest === undefined) return { way: 'gone' }
  return { way: 'pull', reference: image.digest, unproved: image.unproved === true }
}

/** What has to be pulled again before a release runs; `unproved` of it may be at no registry. */
export type PullsAgain = { pulls: string[]; unproved: string[] }

/** What of a release is gone for good, and what has to be pulled again, by the names of the compose file. */
export function judgeRelease(
  images: readonly HeldImage[],
  listed: readonly ListedImage[],
): { gone: string[] } & PullsAgain {
  const judged = images.map(({ image, ...held }) => ({ image, ...judgeHeld({ image, ...held }, listed) }))
  const names = (of: readonly { image: string }[]) => [...new Set(of.map(({ image }) => image))]
  const pulls = judged.filter((each) => each.way === 'pull')
  return {
    gone: names(judged.filter(({ way }) => way === 'gone')),
    pulls: names(pulls),
    unproved: names(pulls.filter(({ unproved }) => unproved)),
  }
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

/**
 * The digest by which an image can be had again. An image that was named again no longer knows the registry it came from;
 * the record of its release, `last`, does.
 */
export function knownDigest(
  facts: ImageFacts,
  { app, image, last }: { app: string; image: string; last: HeldImage | undefined },
): Pick<HeldImage, 'digest' | 'unproved'> {
  const known = last?.id === facts.id ? last : undefined
  const digest = registryDigest(facts, { app, image })
  if (digest !== undefined && facts.origin === 'registry') return { digest }
  if (known?.digest !== undefined && known.unproved === undefined) return { digest: known.digest }
  return digest === undefined ? { digest } : { digest, unproved: true }
}

/**
 * Docker's containerd image store lists a digest for every name of an image, those by which it is held included, of
 * which no registry knows; and of an image that was made on this machine, too.
 */
function registryDigest(
  { digests, origin }: ImageFacts,
  { app, image }: { app: string; image: string },
): string | undefined {
  if (origin === 'here') return undefined
  const known = digests.filter((digest) => !digest.startsWith(holdPrefix(app)))
  const repository = image.replace(/[:@][^/]*$/, '')
  return known.find((digest) => digest.startsWith(`${repository}@`)) ?? known[0]
}
