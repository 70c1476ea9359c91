import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { otherColor } from '../../../src/domain/color.ts'
import type { ComposeModel } from '../../../src/domain/compose-model.ts'
import { fingerprint } from '../../../src/domain/fingerprint.ts'
import { recolorModel } from '../../../src/domain/recolor.ts'
import { splitModel } from '../../../src/domain/split.ts'
import { anyModel, refusedPlaces, reversedKeys, shop, splitInput, splitOf } from '../models.ts'

describe('the model of a color', () => {
  test('is a project of its own without the shared services', () => {
    const { color, shared } = splitOf({ model: shop({ web: {}, db: { image: 'postgres' } }) })
    expect(color.name).toBe('shop-green')
    expect(Object.keys(color.services)).toEqual(['web'])
    expect(shared).toEqual(['db'])
  })

  test('keeps the extensions of the file', () => {
    expect(splitOf({ model: shop({ web: {} }, { 'x-own': { a: 1 } }) }).color['x-own']).toEqual({ a: 1 })
  })

  test.each([
    ['a file', { name: 'shop_s', file: '/srv/s' }],
    ['the environment', { name: 'shop_s', environment: 'TOKEN' }],
    ['outside', { name: 's', external: true }],
    ['the compose file itself', { name: 'shop_s', content: 'x$$y' }],
  ])('keeps secrets and configs that come from %s', (_title, source) => {
    const model = shop(
      {
        web: { secrets: [{ source: 's', target: '/run/secrets/s' }], configs: [{ source: 'c' }] },
        db: { image: 'postgres', secrets: [{ source: 'only-db' }] },
      },
      { secrets: { s: source, 'only-db': source }, configs: { c: source, unused: source } },
    )
    expect(splitOf({ model }).color).toMatchObject({ secrets: { s: source }, configs: { c: source } })
    expect(splitOf({ model }).color.secrets).not.toHaveProperty('only-db')
    expect(splitOf({ model }).color.configs).not.toHaveProperty('unused')
  })

  test('has no empty sections', () => {
    const { color } = splitOf({ model: shop({ web: { network_mode: 'none' } }) })
    expect(Object.keys(color).sort()).toEqual(['name', 'services'])
  })

  test('is not made while anything is refused, and all of it is told at once', () => {
    const model = shop({
      web: { network_mode: 'host', pid: 'container:x' },
      api: { networks: { default: { ipv4_address: '10.0.0.2' } } },
    })
    expect(refusedPlaces({ model })).toEqual([
      'services.web.network_mode',
      'services.web.pid',
      'services.api.networks.default.ipv4_address',
    ])
  })
})

describe('whatever the compose file', () => {
  const splitAny = (model: ComposeModel, color: 'blue' | 'green') => {
    const split = splitModel(splitInput({ model, color, release: `${color}-20260129-101530` }))
    return 'refusals' in split ? undefined : split
  }

  test('the colors share no network, and no name on one that the other would answer to', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        for (const color of ['blue', 'green'] as const) {
          const text = JSON.stringify(splitAny(model, color)?.color ?? {})
          expect(text).not.toContain(`.${otherColor(color)}.`)
          for (const network of Object.values(splitAny(model, color)?.color.networks ?? {})) {
            expect(network).not.toHaveProperty('name')
            expect(network?.external).not.toBe(true)
          }
        }
      }),
    )
  })

  test('a color never holds a host port or a container name', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        for (const service of Object.values(splitAny(model, 'green')?.color.services ?? {})) {
          for (const key of ['ports', 'container_name', 'build']) expect(service).not.toHaveProperty(key)
        }
      }),
    )
  })

  test('a color names nothing that is not in it', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const color = splitAny(model, 'green')?.color
        for (const service of Object.values(color?.services ?? {})) {
          const named = Object.keys(service.depends_on ?? {})
          for (const other of named) expect(color?.services[other]).not.toHaveProperty('profiles')
          for (const key of Object.keys(service.networks ?? {})) expect(color?.networks).toHaveProperty(key)
          for (const mount of service.volumes ?? []) {
            if (mount.type === 'volume') expect(color?.volumes).toHaveProperty(mount.source ?? '')
          }
        }
      }),
    )
  })

  test('no volume of a color is a new one', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        for (const volume of Object.values(splitAny(model, 'green')?.color.volumes ?? {})) {
          expect(volume).toMatchObject({ external: true, name: expect.stringMatching(/^shop_/) })
        }
      }),
    )
  })

  test('the order of its keys does not matter', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(splitAny(reversedKeys(model), 'green')).toEqual(splitAny(model, 'green'))
      }),
    )
  })

  test('splitting changes nothing in what it was given', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const before = structuredClone(model)
        splitAny(model, 'green')
        expect(model).toEqual(before)
      }),
    )
  })

  test('a recolored release is what a split for that color would have been', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const [blue, green] = [splitAny(model, 'blue'), splitAny(model, 'green')]
        if (blue === undefined || green === undefined) return
        const release = 'green-20260129-101530'
        const recolored = recolorModel({ model: blue.color, app: 'shop', from: 'blue', to: 'green', release })
        expect(recolored).toEqual(green.color)
      }),
    )
  })

  test('its fingerprint knows no order of keys', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const hash = (text: string) => text
        const whole = { images: { web: 'sha256:1' }, hash }
        expect(fingerprint({ model: reversedKeys(model), ...whole })).toBe(fingerprint({ model, ...whole }))
      }),
    )
  })
})
