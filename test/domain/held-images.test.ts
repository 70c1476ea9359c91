import { describe, expect, test } from 'vitest'
import type { ImageOrigin } from '../../src/domain/facts.ts'
import {
  canNameAgain,
  judgeHeld,
  judgeRelease,
  knownDigest,
  type ListedImage,
  lastKnownAs,
  type WayBackToImage,
} from '../../src/domain/held-images.ts'
import type { HeldImage } from '../../src/domain/release.ts'

const TAG = 'verdigris.local/shop/web:blue-20260129-101530'
const DIGEST = 'registry.example/shop/web@sha256:d1'
const image = (digest?: string): HeldImage => ({
  service: 'web',
  image: 'registry.example/shop/web:1',
  id: 'sha256:1',
  digest,
  tag: TAG,
})

test.each<[string, ListedImage[], string | undefined, WayBackToImage]>([
  ['by its own name', [{ id: 'sha256:1', tags: ['other:1', TAG] }], DIGEST, { way: 'held' }],
  ['under another name', [{ id: 'sha256:1', tags: ['other:1'] }], DIGEST, { way: 'name-again' }],
  ['without any name', [{ id: 'sha256:1', tags: [] }], undefined, { way: 'name-again' }],
  [
    'only at its registry',
    [{ id: 'sha256:2', tags: [] }],
    DIGEST,
    { way: 'pull', reference: DIGEST, unproved: false },
  ],
  ['nowhere', [{ id: 'sha256:2', tags: ['other:1'] }], undefined, { way: 'gone' }],
])('an image that is %s', (_, listed, digest, way) => {
  expect(judgeHeld(image(digest), listed)).toEqual(way)
})

test('an image of two services is named once', () => {
  const twice = [image(), { ...image(), service: 'api', tag: TAG.replace('web', 'api') }]
  expect(judgeRelease(twice, [])).toEqual({
    gone: ['registry.example/shop/web:1'],
    pulls: [],
    unproved: [],
  })
  const pulled = { ...image(DIGEST), image: 'registry.example/shop/api:1' }
  expect(judgeRelease([...twice, pulled], [])).toMatchObject({ pulls: ['registry.example/shop/api:1'] })
})

describe('a reference that names nothing any more', () => {
  const release = (id: string, created: string, ...images: HeldImage[]) => ({ id, created, images })
  const [older, newer] = [
    release('blue-20260129-101530', '2026-01-29T10:15:30.000Z', image()),
    release('green-20260130-101530', '2026-01-30T10:15:30.000Z', { ...image(), id: 'sha256:2' }),
  ]

  test('was last the name of what the newest release with it runs', () => {
    expect(lastKnownAs(image().image, [newer, older])).toMatchObject({ release: newer.id, id: 'sha256:2' })
    expect(lastKnownAs(image().image, [older])).toMatchObject({ release: older.id, id: 'sha256:1' })
    expect(lastKnownAs('registry.example/shop/web', [older, newer])).toBeUndefined()
  })

  test.each<[string, string, ListedImage[], boolean]>([
    ['as long as that is here', image().image, [{ id: 'sha256:1', tags: [TAG] }], true],
    ['without a name, too', image().image, [{ id: 'sha256:1', tags: [] }], true],
    [
      'not where that is gone, whatever else there is',
      image().image,
      [{ id: 'sha256:3', tags: [TAG] }],
      false,
    ],
    ['not where it is a digest', DIGEST, [{ id: 'sha256:1', tags: [TAG] }], false],
  ])('can be given back: %s', (_, reference, listed, can) => {
    const recorded = { ...image(), image: reference, release: 'blue-20260129-101530' }
    expect(canNameAgain(recorded, listed)).toBe(can)
  })
})

test.each<[string, string, string[], string | undefined]>([
  [
    'of its own repository',
    'example:5000/web:1',
    ['ada/web@sha256:d1', 'example:5000/web@sha256:d1'],
    'example:5000/web@sha256:d1',
  ],
  ['of the repository it came from', 'web:1', ['docker.io/ada/web@sha256:d1'], 'docker.io/ada/web@sha256:d1'],
  ['of no name that holds it', 'web:1', ['verdigris.local/shop/web@sha256:d1'], undefined],
  [
    'of a repository that is called like another app',
    'web:1',
    ['verdigris.local/other/web@sha256:d1'],
    'verdigris.local/other/web@sha256:d1',
  ],
])('an image is had again by the digest %s', (_, image, digests, digest) => {
  const facts = { id: 'sha256:1', digests, repoTags: [], origin: 'registry' as const }
  expect(knownDigest(facts, { app: 'shop', image, last: undefined })).toEqual({ digest })
})

describe('the digest that the engine lists of an image', () => {
  const known = (origin: ImageOrigin, last?: HeldImage) =>
    knownDigest(
      { id: 'sha256:1', digests: ['registry.example/shop/web@sha256:1'], repoTags: [], origin },
      { app: 'shop', image: image().image, last },
    )
  const digest = 'registry.example/shop/web@sha256:1'

  test.each<[string, ImageOrigin, HeldImage | undefined, ReturnType<typeof knownDigest>]>([
    ['is one that a registry has', 'registry', undefined, { digest }],
    ['is none where the image was made here', 'here', undefined, { digest: undefined }],
    ['is unproved where nobody knows', 'untold', undefined, { digest, unproved: true }],
    ['was seen at a registry before', 'untold', image(DIGEST), { digest: DIGEST }],
    [
      'was not seen there before, either',
      'untold',
      { ...image(DIGEST), unproved: true },
      { digest, unproved: true },
    ],
    [
      'is of another image than before',
      'untold',
      { ...image(DIGEST), id: 'sha256:2' },
      { digest, unproved: true },
    ],
    ['is lost with its name, and recorded', 'here', image(DIGEST), { digest: DIGEST }],
  ])('%s', (_, origin, last, expected) => {
    expect(known(origin, last)).toEqual(expected)
  })

  test('is tried and not promised while it is unproved', () => {
    const unproved = { ...image(DIGEST), unproved: true } as const
    expect(judgeHeld(unproved, [])).toEqual({ way: 'pull', reference: DIGEST, unproved: true })
    expect(judgeRelease([unproved], [])).toEqual({
      gone: [],
      pulls: [unproved.image],
      unproved: [unproved.image],
    })
  })
})
