import fc from 'fast-check'
import { expect, test } from 'vitest'
import { otherColor } from '../../../src/domain/color.ts'
import type { ComposeModel } from '../../../src/domain/compose-model.ts'
import { holdTag } from '../../../src/domain/hold-tag.ts'
import { nameInDns, upstreamHost } from '../../../src/domain/site.ts'
import { type Split, splitModel } from '../../../src/domain/split.ts'
import { splitInput } from '../models.ts'
import { anyCompose } from './any-compose.ts'

const release = (color: 'blue' | 'green') => `${color}-20260129-101530`

function splitAny(model: ComposeModel, color: 'blue' | 'green'): Split | undefined {
  const split = splitModel(splitInput({ model, color, release: release(color), routes: [] }))
  if (!('refusals' in split)) return split
  for (const { hint, message, path } of split.refusals) {
    expect([message, hint, path.join('.')].join(' ')).not.toMatch(/undefined|\[object/)
  }
  return undefined
}

test('any model is split, or refused with words', () => {
  fc.assert(
    fc.property(anyCompose, (model) => void splitAny(model, 'blue')),
    { numRuns: 400 },
  )
})

test('no name that only one color has stands in the model of the other', () => {
  fc.assert(
    fc.property(anyCompose, fc.constantFrom('blue' as const, 'green' as const), (model, color) => {
      const text = JSON.stringify(splitAny(model, color)?.color ?? {})
      const other = otherColor(color)
      expect(text).not.toContain(release(other))
      for (const name of Object.keys(model.services)) {
        expect(text).not.toContain(JSON.stringify(upstreamHost(name, other, 'shop')))
      }
    }),
  )
})

test('a color names only services, networks, volumes, secrets and configs that it has', () => {
  fc.assert(
    fc.property(anyCompose, (model) => {
      const color = splitAny(model, 'green')?.color
      if (color === undefined) return
      const has = (section: unknown, key: string) => Object.hasOwn((section ?? {}) as object, key)
      for (const service of Object.values(color.services)) {
        const lists = [service.links, service.volumes_from].flatMap((each) => (each ?? []) as string[])
        const modes = [service.network_mode, service.ipc].filter((mode) =>
          String(mode).startsWith('service:'),
        )
        const named = [
          ...Object.keys(service.depends_on ?? {}),
          ...lists.map((entry) => entry.split(':')[0] ?? ''),
          ...modes.map((mode) => String(mode).slice('service:'.length)),
        ]
        for (const name of named) expect(has(color.services, name), name).toBe(true)
        for (const key of Object.keys(service.networks ?? {})) expect(has(color.networks, key)).toBe(true)
        for (const { source, type } of service.volumes ?? [])
          if (type === 'volume' && source !== undefined) expect(has(color.volumes, source)).toBe(true)
        if (service.secrets !== undefined) expect(has(color.secrets, 's1')).toBe(true)
        if (service.configs !== undefined) expect(has(color.configs, 'c.1')).toBe(true)
      }
    }),
  )
})

test('services that are not the same never share a name in DNS or an image’s tag, and each name is one', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9._-]{1,80}$/)
  fc.assert(
    fc.property(name, name, (one, other) => {
      const dns = nameInDns(one)
      for (const label of dns.split('.')) expect(label).toMatch(/^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/)
      const tag = (service: string) => holdTag({ app: 'shop', service, release: release('blue') })
      expect(tag(one)).toMatch(/^verdigris\.local\/shop\/[a-z0-9]+(?:-[a-z0-9]+)*:[\w.-]+$/)
      if (one === other) return
      expect(nameInDns(other)).not.toBe(dns)
      expect(tag(other)).not.toBe(tag(one))
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['web', 'web.blue.shop.internal'],
  ['my_app.v2', 'my_app.v2.blue.shop.internal'],
  ['Web', 'web-6bwt.blue.shop.internal'],
])('%s is %s to nginx', (service, host) => {
  expect(upstreamHost(service, 'blue', 'shop')).toBe(host)
})

test('a thousand services are split as fast, for each, as a hundred', () => {
  const model = (count: number): ComposeModel => {
    const names = Array.from({ length: count }, (_, index) => `s${index}`)
    const services = names.map((name, index) => [
      name,
      {
        image: index % 10 === 0 ? 'redis' : 'web',
        networks: { default: null, back: null },
        links: [`s${Math.floor(index / 10) * 10}:cache${index}`],
        depends_on: { s0: { condition: 'service_started' } },
      },
    ])
    const { s0, ...others } = Object.fromEntries(services)
    return { name: 'shop', services: { ...others, s0: { image: 'redis', networks: s0.networks } } }
  }
  const perService = (count: number) => {
    const input = splitInput({ model: model(count) })
    // The time of the processor: on a busy machine the clock measures others.
    const times = Array.from({ length: 7 }, () => {
      const before = process.cpuUsage()
      splitModel(input)
      const { system, user } = process.cpuUsage(before)
      return system + user
    })
    return Math.min(...times) / count
  }
  perService(100)
  expect(perService(1_000)).toBeLessThan(5 * perService(100))
})
