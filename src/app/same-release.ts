import { fingerprint } from '../domain/fingerprint.ts'
import type { Metadata } from '../domain/release.ts'
import type { Settings } from '../domain/settings.ts'
import type { Draft } from './draft-release.ts'
import type { Machine } from './ports/machine.ts'
import type { Platform } from './ports/platform.ts'

type Comparing = {
  ports: { platform: Pick<Platform, 'image'>; machine: Pick<Machine, 'hash'> }
  settings: Pick<Settings, 'delivery'>
}

/** Whether what the user's files say now, with the images that are here, is a release that was deployed. */
export async function isSameRelease(
  { ports, settings }: Comparing,
  draft: Draft,
  release: Metadata,
): Promise<boolean> {
  const found = await Promise.all(draft.images.map((image) => ports.platform.image(image.image)))
  const images = Object.fromEntries(
    draft.images.map((image, index) => [image.service, found[index]?.id ?? '']),
  )
  return (
    fingerprint({
      model: draft.original,
      images,
      routes: draft.routes,
      classes: draft.services,
      delivery: settings.delivery,
      hash: ports.machine.hash,
    }) === release.fingerprint
  )
}
