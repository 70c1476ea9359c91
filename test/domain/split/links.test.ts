import { describe, expect, test } from 'vitest'
import type { ComposeService } from '../../../src/domain/compose-model.ts'
import { upstreamHost } from '../../../src/domain/site.ts'
import { colorServiceOf, refusedPlaces, shop, splitOf } from '../models.ts'

const NETWORKS = { networks: { default: {}, back: {}, front: {} } }

function linksOf(services: Record<string, ComposeService>) {
  return splitOf({ model: shop(services, NETWORKS) }).links
}

describe('a shared service is joined to a color', () => {
  test('on each network that both had, by its name and its aliases there', () => {
    const links = linksOf({
      web: { networks: { back: null, front: null } },
      db: { image: 'postgres', networks: { back: { aliases: ['database'] }, default: null } },
    })
    expect(links).toEqual([{ service: 'db', networks: ['back'], aliases: ['db', 'database'] }])
  })

  test('on the default network when neither names one', () => {
    expect(linksOf({ web: {}, db: { image: 'postgres' } })).toEqual([
      { service: 'db', networks: ['default'], aliases: ['db'] },
    ])
  })

  test('under one link for networks with the same aliases, else several', () => {
    const networks = { back: null, default: null, front: { aliases: ['edge'] } }
    expect(linksOf({ web: { networks }, cache: { image: 'redis', networks } })).toEqual([
      { service: 'cache', networks: ['back', 'default'], aliases: ['cache'] },
      { service: 'cache', networks: ['front'], aliases: ['cache', 'edge'] },
    ])
  })

  test('not at all when they share no network', () => {
    expect(linksOf({ web: {}, db: { image: 'postgres', networks: { back: null } } })).toEqual([])
    expect(linksOf({ web: {}, db: { image: 'postgres', network_mode: 'host' } })).toEqual([])
  })
})

describe('`links:`', () => {
  test('between services of the color stay', () => {
    expect(
      colorServiceOf('web', { model: shop({ web: { links: ['api:backend'] }, api: {} }) }).links,
    ).toEqual(['api:backend'])
  })

  test('to a shared service become an alias of it', () => {
    const model = shop({
      web: { links: ['db:database', 'cache'] },
      db: { image: 'postgres' },
      cache: { image: 'redis' },
    })
    const split = splitOf({ model })
    expect(split.color.services.web).not.toHaveProperty('links')
    expect(split.links).toEqual([
      { service: 'cache', networks: ['default'], aliases: ['cache'] },
      { service: 'db', networks: ['default'], aliases: ['db', 'database'] },
    ])
  })

  test('to a singleton become an alias of it', () => {
    const model = shop({ web: { links: ['worker:queue'] }, worker: {} })
    const classes = { worker: 'singleton' } as const
    const aliases = ['queue', upstreamHost('worker', 'green', 'shop')]
    expect(colorServiceOf('worker', { model, classes }).networks).toEqual({ default: { aliases } })
    expect(colorServiceOf('web', { model, classes })).not.toHaveProperty('links')
  })

  test.each([
    ['without a common network', { links: ['db'], networks: { front: null } }],
    ['by a name that another service has', { links: ['db:api'], networks: { back: null } }],
    ['by a name that is another’s alias', { links: ['db:backend'], networks: { back: null } }],
  ])('to a shared service %s are refused', (_title, web) => {
    const model = shop(
      {
        web,
        api: { networks: { back: { aliases: ['backend'] } } },
        db: { image: 'postgres', networks: { back: null } },
      },
      NETWORKS,
    )
    expect(refusedPlaces({ model })).toEqual([`services.web.links.${web.links[0]}`])
  })
})
