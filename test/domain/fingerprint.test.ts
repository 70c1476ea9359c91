import { describe, expect, test } from 'vitest'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import {
  type Comparable,
  diffReleases,
  environmentHashes,
  fingerprint,
} from '../../src/domain/fingerprint.ts'
import type { HeldImage } from '../../src/domain/release.ts'
import type { Route } from '../../src/domain/service.ts'
import { shop } from './models.ts'

const hash = (text: string) => text
const route: Route = { listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }

describe('the fingerprint of a release', () => {
  const whole = {
    model: shop({ web: { image: 'web:1', environment: { A: '1', B: '2' } } }),
    images: { web: 'sha256:1' },
    routes: [route, { ...route, listen: 443 }],
    classes: [{ name: 'web', class: 'colored', reason: { because: 'default' } }] as const,
    delivery: PLAIN_DELIVERY,
    hash,
  }

  test.each([
    [
      'another name for the same image',
      { model: shop({ web: { ...whole.model.services.web, image: 'web:2' } }) },
    ],
    [
      'another way to build the same image',
      { model: shop({ web: { ...whole.model.services.web, build: '.' } }) },
    ],
    ['routes in another order', { routes: [...whole.routes].reverse() }],
    [
      'environment in another order',
      { model: shop({ web: { image: 'web:1', environment: { B: '2', A: '1' } } }) },
    ],
    [
      'another reason for a class',
      { classes: [{ name: 'web', class: 'colored', reason: { because: 'configured' } }] as const },
    ],
  ])('is the same for %s', (_title, change) => {
    expect(fingerprint({ ...whole, ...change })).toBe(fingerprint(whole))
  })

  test.each([
    ['another image', { images: { web: 'sha256:2' } }],
    [
      'another value in the environment',
      { model: shop({ web: { image: 'web:1', environment: { A: '2' } } }) },
    ],
    ['another route', { routes: [route] }],
    [
      'another class',
      { classes: [{ name: 'web', class: 'singleton', reason: { because: 'default' } }] as const },
    ],
    ['another way of the proxy', { delivery: { ...PLAIN_DELIVERY, gzip: true } }],
    ['one service more', { model: shop({ ...whole.model.services, api: {} }) }],
  ])('differs for %s', (_title, change) => {
    expect(fingerprint({ ...whole, ...change })).not.toBe(fingerprint(whole))
  })
})

describe('hashes of the environment', () => {
  const hashes = environmentHashes(
    shop({ web: { environment: { A: 'x', B: 'x', C: null, D: '' } }, api: {} }),
    (text) => `#${text.length}${text}`,
  )

  test('are kept for each name of each service', () => {
    expect(Object.keys(hashes.web ?? {})).toEqual(['A', 'B', 'C', 'D'])
    expect(hashes.api).toEqual({})
  })

  test('do not tell that two names have one value', () => {
    expect(hashes.web?.A).not.toBe(hashes.web?.B)
  })

  test('tell an empty value from none', () => {
    expect(environmentHashes(shop({ w: { environment: { A: null } } }), hash)).not.toEqual(
      environmentHashes(shop({ w: { environment: { A: '' } } }), hash),
    )
  })
})

describe('the difference between two releases', () => {
  const image = (service: string, id: string): HeldImage => {
    return { service, image: `${service}:1`, id, digest: undefined, tag: `held/${service}` }
  }
  const release = (services: string[], change: Partial<Comparable> = {}): Comparable => ({
    services: services.map((name) => ({ name, class: 'colored', reason: { because: 'default' } })),
    images: services.map((name) => image(name, 'a')),
    environment: {},
    ...change,
  })

  test('is nothing for the same release', () => {
    const same = { services: { added: [], removed: [] }, images: [], environment: [] }
    expect(diffReleases(release(['web']), release(['web']))).toEqual(same)
  })

  test('names services that came and went', () => {
    const { services } = diffReleases(release(['web', 'old']), release(['web', 'new']))
    expect(services).toEqual({ added: ['new'], removed: ['old'] })
  })

  test('names images that changed, by what they are', () => {
    const next = release(['api', 'web'], { images: [image('api', 'a'), image('web', 'b')] })
    expect(diffReleases(release(['api', 'web']), next).images).toEqual([
      { service: 'web', before: image('web', 'a'), after: image('web', 'b') },
    ])
  })

  test('names environment keys that came, went and changed, never values', () => {
    const before = release(['api', 'web'], {
      environment: { web: { A: '1', B: '1', C: '1' }, api: { X: '1' } },
    })
    const after = release(['api', 'web'], {
      environment: { web: { B: '1', C: '2', D: '1' }, api: { X: '1' } },
    })
    expect(diffReleases(before, after).environment).toEqual([
      { service: 'web', added: ['D'], removed: ['A'], changed: ['C'] },
    ])
  })

  test('is all services for the first release', () => {
    expect(diffReleases(undefined, release(['web']))).toEqual({
      services: { added: ['web'], removed: [] },
      images: [],
      environment: [],
    })
  })
})
