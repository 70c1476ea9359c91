import fc from 'fast-check'
import type { ComposeModel, ComposeService } from '../../../src/domain/compose-model.ts'
import { shop } from '../models.ts'

/** All that Compose takes for a service's name, and words that JavaScript objects have of their own. */
const NAMES = ['Web', 'web', 'a..b', '-x', '_y.', 'x-blue', 'shop-green', 'blue', 'constructor', '__proto__']
const serviceName = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.stringMatching(/^[a-zA-Z0-9._-]{1,12}$/),
  fc.stringMatching(/^[a-z]{70}$/),
)

const CONDITIONS = ['service_started', 'service_healthy', 'service_completed_successfully']
const NETWORKS = ['default', 'back', 'front']
const VOLUMES = ['data', 'Up.loads']

/** What a service says of itself, and with `pick`, a number, of one that stands before it. */
type Wish = {
  self: ComposeService
  pick: number
  needs: { condition: string; required: boolean; restart?: boolean } | undefined
  joins: 'links' | 'alias' | 'volumes_from' | 'network_mode' | 'ipc' | undefined
}

const self = fc.record(
  {
    image: fc.constantFrom('shop/web:1', 'postgres:16', 'redis', 'x/tool@sha256:0'),
    build: fc.constant({ context: '/srv' }),
    container_name: fc.stringMatching(/^[a-z][a-z0-9_.-]{2,8}$/),
    restart: fc.constantFrom('no', 'always', 'unless-stopped', 'on-failure:3'),
    networks: fc.dictionary(
      fc.constantFrom(...NETWORKS),
      fc.option(fc.record({ aliases: fc.array(fc.constantFrom('alpha', 'Beta.x')) })),
    ),
    volumes: fc.array(
      fc.oneof(
        fc.record({
          type: fc.constant('volume'),
          source: fc.constantFrom(...VOLUMES),
          target: fc.constantFrom('/data', '/var/lib/postgresql/data', '/x'),
          read_only: fc.boolean(),
          volume: fc.constantFrom({}, { nocopy: true }),
        }),
        fc.record({ type: fc.constant('tmpfs'), target: fc.constant('/t') }),
      ),
      { maxLength: 2 },
    ),
    secrets: fc.constant([{ source: 's1', target: '/run/secrets/s1' }]),
    configs: fc.constant([{ source: 'c.1' }]),
    labels: fc.dictionary(fc.constantFrom('mine', 'a.b'), fc.constantFrom('x', '$$y', 'yes', '012')),
    environment: fc.dictionary(
      fc.constantFrom('A', 'B_C', 'd'),
      fc.option(fc.constantFrom('', '$$x', 'no', '1e3', 'a\nb: c', '#', '\u0085', '"')),
    ),
    profiles: fc.constant(['tools']),
    deploy: fc.record({ replicas: fc.nat(3) }),
    healthcheck: fc.constantFrom({ disable: true }, { test: ['CMD', 'true'], start_interval: '1s' }),
    ulimits: fc.constant({ nofile: { soft: 1, hard: 2 } }),
    'x-own': fc.jsonValue(),
  },
  { requiredKeys: ['image'] },
)

const wish: fc.Arbitrary<Wish> = fc.record({
  self: self as unknown as fc.Arbitrary<ComposeService>,
  pick: fc.nat(),
  needs: fc.option(
    fc.record({ condition: fc.constantFrom(...CONDITIONS), required: fc.boolean(), restart: fc.boolean() }),
    { nil: undefined },
  ),
  joins: fc.option(
    fc.constantFrom(
      'links' as const,
      'alias' as const,
      'volumes_from' as const,
      'network_mode' as const,
      'ipc' as const,
    ),
    { nil: undefined, freq: 2 },
  ),
})

/** Models as Compose may print them: each service leans on one before it, or on one that no profile has. */
export const anyCompose: fc.Arbitrary<ComposeModel> = fc
  .uniqueArray(fc.tuple(serviceName, wish), { selector: ([name]) => name, minLength: 1, maxLength: 8 })
  .map((wishes) => {
    const services = wishes.map(([name, each], index): [string, ComposeService] => {
      const other = wishes[each.pick % (index + 1)]?.[0]
      return [name, serviceOf(each, other === name ? undefined : other)]
    })
    return shop(Object.fromEntries(services), {
      networks: Object.fromEntries(NETWORKS.map((key) => [key, { name: `shop_${key}` }])),
      volumes: Object.fromEntries(VOLUMES.map((key) => [key, { name: `shop_${key}` }])),
      secrets: { s1: { name: 'shop_s1', environment: 'HOME' } },
      configs: { 'c.1': { name: 'shop_c.1', content: 'a$$b' } },
    })
  })

function serviceOf({ joins, needs, self: own }: Wish, other: string | undefined): ComposeService {
  const absent = { nobody: { condition: 'service_started', required: false } }
  if (other === undefined) return needs?.required === false ? { ...own, depends_on: absent } : own
  const waits = { ...own, ...(needs && { depends_on: { [other]: needs } }) }
  const { networks, ...unjoined } = waits
  switch (joins) {
    case undefined:
      return waits
    case 'links':
      return { ...waits, links: [other] }
    case 'alias':
      return { ...waits, links: [`${other}:friend`] }
    case 'volumes_from':
      return { ...waits, volumes_from: [`${other}:ro`] }
    case 'network_mode':
      return { ...unjoined, network_mode: `service:${other}` }
    case 'ipc':
      return { ...waits, ipc: `service:${other}` }
  }
}
