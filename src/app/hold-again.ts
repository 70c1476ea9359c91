import { Expected } from '../domain/failure.ts'
import { canNameAgain, judgeHeld, judgeRelease, type RecordedImage } from '../domain/held-images.ts'
import type { HeldImage, Metadata } from '../domain/release.ts'
import type { Context } from './command.ts'
import type { Emit } from './events.ts'
import type { Platform } from './ports/platform.ts'

/**
 * Gives images of a release the names back that its snapshot starts them by, pulling by digest what is no longer
 * here; `images-gone` before anything is done, `image-missing` where a pull fails.
 */
export async function holdAgain(
  { emit, ports }: Pick<Context, 'emit' | 'ports'>,
  { id, images }: Pick<Metadata, 'id' | 'images'>,
): Promise<void> {
  if (images.length === 0) return
  const { platform } = ports
  const listed = await platform.images()
  const { gone } = judgeRelease(images, listed)
  if (gone.length > 0) throw new Expected({ code: 'images-gone', id, images: gone })
  for (const image of images) {
    const back = judgeHeld(image, listed)
    switch (back.way) {
      case 'name-again':
        await platform.hold(image.id, image.tag)
        break
      case 'pull':
        emit({ type: 'note', note: { note: 'pulling-again', service: image.service, image: image.image } })
        await platform.hold(await pulled(platform, image, back.reference), image.tag)
        break
      case 'held':
      case 'gone':
    }
  }
}

/**
 * Gives an image that a release holds the name back by which the compose file asks for it, and which a `docker system
 * prune -a` or a hand took; false: it is gone, too. `reason`: why it was not pulled.
 */
export async function nameAgain(
  { emit, platform }: { emit: Emit; platform: Platform },
  image: RecordedImage,
  reason?: string,
): Promise<boolean> {
  if (!canNameAgain(image, await platform.images())) return false
  await platform.hold(image.id, image.image)
  const { release, service } = image
  emit({ type: 'note', note: { note: 'named-again', service, image: image.image, release, reason } })
  return true
}

async function pulled(platform: Platform, { image, service }: HeldImage, reference: string): Promise<string> {
  await platform.pullDigest(reference, service)
  const facts = await platform.image(reference)
  if (facts !== undefined) return facts.id
  throw new Expected({
    code: 'image-missing',
    service,
    image,
    output: `${reference} was pulled and is not here`,
  })
}
