import { describe, expect, test } from 'vitest'
import type { Platform } from '../../src/app/ports/platform.ts'
import { obtainImages } from '../../src/app/steps/images.ts'
import type { ComposeService } from '../../src/domain/compose-model.ts'
import type { ImageOrigin } from '../../src/domain/facts.ts'
import { Expected } from '../../src/domain/failure.ts'
import { createFaults } from './world/faults.ts'
import { platformOf } from './world/platform.ts'
import { newWorld } from './world/shop.ts'

const DIGEST = 'ada/web@sha256:1'
const UNPROVED = { digest: DIGEST, unproved: true }
const OF_FILE = { image: 'ada/web:1' }

describe('an image that the engine lists with a digest', () => {
  /** What is recorded of it, and how often the registry was asked. */
  const obtain = async (
    service: ComposeService,
    { has, origin }: { origin: ImageOrigin; has: 'it' | 'nothing' },
  ) => {
    let asked = 0
    const platform: Platform = {
      ...platformOf(newWorld(), createFaults({ fault: undefined, afterEffect: () => {} })),
      image: async (image) => ({ id: 'sha256:1', digests: [DIGEST], repoTags: [image], origin }),
      pull: async ([name = '']) => {
        asked += 1
        if (has === 'nothing')
          throw new Expected({ code: 'image-missing', service: name, image: DIGEST, output: 'denied' })
      },
    }
    const release = {
      app: 'shop',
      model: { name: 'shop', services: { web: service } },
      services: ['web'],
      known: [],
    }
    const policy = { pull: 'ask-registry', build: 'always' } as const
    const { web } = await obtainImages(platform, release, { policy, say: () => {}, emit: () => {} })
    return { asked, digest: web?.digest, unproved: web?.unproved }
  }

  test.each<[string, ComposeService, ImageOrigin, 'it' | 'nothing', object]>([
    ['was pulled, and is asked for again', OF_FILE, 'registry', 'it', { asked: 1, digest: DIGEST }],
    ['may be a registry’s, and is once that had it', OF_FILE, 'untold', 'it', { asked: 1, digest: DIGEST }],
    ['may be one’s that had nothing', OF_FILE, 'untold', 'nothing', { asked: 1, ...UNPROVED }],
    ['was loaded, and is asked for nowhere', OF_FILE, 'here', 'it', { asked: 0, digest: undefined }],
    [
      'was built, and may have been pushed',
      { ...OF_FILE, build: {} },
      'untold',
      'it',
      { asked: 0, ...UNPROVED },
    ],
    ['has a name that Compose made up', { build: {} }, 'untold', 'it', { asked: 0, digest: undefined }],
  ])('%s', async (_, service, origin, has, recorded) => {
    expect(await obtain(service, { has, origin })).toEqual({ unproved: undefined, ...recorded })
  })
})
