import { expect, test } from 'vitest'
import {
  judgeHeld,
  judgeRelease,
  type ListedImage,
  registryDigest,
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
  ['only at its registry', [{ id: 'sha256:2', tags: [] }], DIGEST, { way: 'pull', reference: DIGEST }],
  ['nowhere', [{ id: 'sha256:2', tags: ['other:1'] }], undefined, { way: 'gone' }],
])('an image that is %s', (_, listed, digest, way) => {
  expect(judgeHeld(image(digest), listed)).toEqual(way)
})

test('an image of two services is named once', () => {
  const twice = [image(), { ...image(), service: 'api', tag: TAG.replace('web', 'api') }]
  expect(judgeRelease(twice, [])).toEqual({ gone: ['registry.example/shop/web:1'], pulls: [] })
  const pulled = { ...image(DIGEST), image: 'registry.example/shop/api:1' }
  expect(judgeRelease([...twice, pulled], [])).toMatchObject({ pulls: ['registry.example/shop/api:1'] })
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
])('an image is had again by the digest %s', (_, image, digests, wanted) => {
  expect(registryDigest(digests, { app: 'shop', image })).toBe(wanted)
})
