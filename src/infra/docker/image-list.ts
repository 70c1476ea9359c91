import type { ImageFacts } from '../../domain/facts.ts'
import { type DescribedImage, imageFacts } from './image-facts.ts'
import { askSocket, type LookOptions } from './socket.ts'

/** Finds images by the names that compose files give them. */
export type FindImage = (reference: string) => Promise<ImageFacts | undefined>

/**
 * One list of all images, for commands that only look: fifty services would be fifty questions. An engine that is not
 * local, and a reference that names no repository, are left to `inspect`.
 */
export function beginImageList(options: LookOptions, inspect: FindImage): FindImage {
  const listed = askSocket(options, '/images/json') as Promise<DescribedImage[] | undefined>
  const known = listed.then((images) => images && byName(images)).catch(() => undefined)
  return async (reference) => {
    const names = await known
    if (names === undefined || isId(reference)) return await inspect(reference)
    return names.get(familiarName(reference))
  }
}

function byName(images: readonly DescribedImage[]): Map<string, ImageFacts> {
  return new Map(
    images.flatMap((image) => {
      const facts = imageFacts(image)
      return [...facts.digests, ...facts.repoTags].map((name) => [name, facts] as const)
    }),
  )
}

function isId(reference: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference)
}

/** As the engine lists it: without Docker Hub's host, with a tag or a digest. Source: distribution/reference, familiar names. */
export function familiarName(reference: string): string {
  const short = reference.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '')
  const [named = '', digest] = short.split('@')
  const tagged = named.lastIndexOf(':') > named.lastIndexOf('/')
  if (digest !== undefined) return `${tagged ? named.slice(0, named.lastIndexOf(':')) : named}@${digest}`
  return tagged ? named : `${named}:latest`
}
