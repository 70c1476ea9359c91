import type { ImageFacts } from '../../domain/facts.ts'
import type { ListedImage } from '../../domain/held-images.ts'
import { type Client, unless } from './client.ts'
import { type DescribedImage, imageFacts } from './image-facts.ts'
import { listedImage } from './listed-image.ts'

/** Images, by whatever reference names them. */
export type Images = {
  image(reference: string): Promise<ImageFacts | undefined>
  images(): Promise<ListedImage[]>
  tag(imageId: string, reference: string): Promise<void>
  /** Removes one tag; a missing one, or an image that is in use, is no error. */
  untag(reference: string): Promise<void>
}

export function createImages({ call, change, find }: Client): Images {
  return {
    image: async (reference) => {
      const found = await find(`inspect image ${reference}`, (docker) => docker.getImage(reference).inspect())
      return found && imageFacts(found as DescribedImage)
    },
    images: async () =>
      (await call('list images', (docker) => docker.listImages({ all: true }))).map(listedImage),
    tag: async (imageId, reference) => {
      const { repo, tag } = splitReference(reference)
      await change(`tag ${reference}`, (docker) => docker.getImage(imageId).tag({ repo, tag }))
    },
    untag: async (reference) => {
      await change(`untag ${reference}`, (docker) =>
        docker.getImage(reference).remove().catch(unless(404, 409)),
      )
    },
  }
}

/** "host:5000/shop/web:held" → repository and tag; a colon before a slash belongs to the host. */
function splitReference(reference: string): { repo: string; tag: string } {
  const at = reference.lastIndexOf(':')
  if (at <= reference.lastIndexOf('/')) return { repo: reference, tag: 'latest' }
  return { repo: reference.slice(0, at), tag: reference.slice(at + 1) }
}
