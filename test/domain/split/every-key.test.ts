import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ComposeService } from '../../../src/domain/compose-model.ts'
import { colorServiceOf, refusedPlaces, shop } from '../models.ts'

const PAGE = readFileSync(new URL('../../../COMPOSE.md', import.meta.url), 'utf8')

/** Source: compose-go, types.ServiceConfig: all that `docker compose config` may print of a service. */
const KEYS =
  `profiles annotations attach build develop blkio_config cap_add cap_drop cgroup_parent cgroup cpu_count
  cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpus cpuset cpu_shares command configs container_name
  credential_spec depends_on deploy device_cgroup_rules devices dns dns_opt dns_search dockerfile domainname entrypoint
  provider environment env_file expose extends external_links extra_hosts group_add gpus hostname healthcheck image init
  ipc isolation labels label_file links logging log_driver log_opt mem_limit mem_reservation memswap_limit mem_swappiness
  mac_address models net network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports privileged
  pull_policy read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal
  storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volume_driver volumes volumes_from working_dir
  post_start pre_stop`.split(/\s+/)

function section(title: string): string {
  const from = PAGE.indexOf(`## ${title}\n`)
  return PAGE.slice(from, PAGE.indexOf('\n## ', from + 1))
}

const wordsIn = (text: string) => [...text.matchAll(/`([a-z_]+)`/g)].map(([, word = '']) => word)
const changing = section('Keys of a service that change')
  .split('\n')
  .flatMap((line) => wordsIn(line.startsWith('| `') ? (line.split('|')[1] ?? '') : ''))
const staying = wordsIn(section('Keys of a service that stay as they are').split('\n\n')[1] ?? '')

describe('COMPOSE.md', () => {
  test('has every key that Compose may print of a service, once', () => {
    expect([...changing, ...staying].sort()).toEqual(KEYS.toSorted())
  })

  test('is where the README sends people', () => {
    expect(readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')).toContain('(COMPOSE.md)')
  })
})

describe('a key that stays', () => {
  test('is in the color what it was, whatever its value and whatever stands beside it', () => {
    const keys = fc.constantFrom(...staying, 'x-own', 'later_key')
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue(), { noNullPrototype: true }), (others) => {
        const web = colorServiceOf('web', { model: shop({ web: { image: 'web:1', ...others } }) })
        expect(web).toMatchObject(others)
        const added = Object.keys(web).filter((key) => !Object.hasOwn(others, key))
        expect(added.sort()).toEqual(['image', 'labels', 'networks'])
      }),
    )
  })
})

const HEALTHY = { condition: 'service_healthy', required: true }
const ALIAS = 'web.green.shop.internal'

/** What the color has of a key: undefined, it is gone. */
const KEPT: [key: string, written: ComposeService, inColor: unknown][] = [
  ['build', { build: { context: '/srv', target: 'x', additional_contexts: { a: '/a' } } }, undefined],
  ['image', { image: 'web:1' }, 'verdigris.local/shop/web:1'],
  ['pull_policy', { pull_policy: 'always' }, 'never'],
  ['profiles', { profiles: ['web'] }, undefined],
  ['container_name', { container_name: 'my-web' }, undefined],
  ['networks', { container_name: 'my-web' }, { default: { aliases: ['my-web', ALIAS] } }],
  ['ports', { ports: [{ target: 3000, published: '8080' }] }, undefined],
  ['expose', { ports: [{ target: 3000, published: '8080' }], expose: ['1'] }, ['1', '3000']],
  ['networks', { networks: { default: { aliases: ['w'] } } }, { default: { aliases: ['w', ALIAS] } }],
  ['network_mode', { network_mode: 'none' }, 'none'],
  ['network_mode', { network_mode: 'service:api' }, 'service:api'],
  ['ipc', { ipc: 'service:api' }, 'service:api'],
  ['pid', { pid: 'host' }, 'host'],
  ['links', { links: ['api:back'] }, ['api:back']],
  ['links', { links: ['db:data'] }, undefined],
  ['volumes', { volumes: [{ type: 'tmpfs', target: '/t' }] }, [{ type: 'tmpfs', target: '/t' }]],
  ['volumes_from', { volumes_from: ['api:ro'] }, ['api:ro']],
  [
    'depends_on',
    { depends_on: { api: { ...HEALTHY, restart: true } } },
    { api: { ...HEALTHY, restart: true } },
  ],
  ['depends_on', { depends_on: { db: HEALTHY } }, undefined],
  ['depends_on', { depends_on: { debug: { condition: 'service_started', required: false } } }, undefined],
  ['restart', { restart: 'always' }, 'always'],
  ['restart', { restart: 'always', labels: { 'verdigris.class': 'singleton' } }, 'unless-stopped'],
  ['deploy', { deploy: { replicas: 3, resources: {} } }, { replicas: 3, resources: {} }],
  [
    'deploy',
    {
      deploy: { restart_policy: { condition: 'any', delay: '5s' } },
      labels: { 'verdigris.class': 'singleton' },
    },
    { restart_policy: { condition: 'unless-stopped', delay: '5s' } },
  ],
  [
    'labels',
    { labels: { mine: 'x' } },
    {
      mine: 'x',
      'verdigris.app': 'shop',
      'verdigris.color': 'green',
      'verdigris.release': 'green-20260129-101530',
      'verdigris.class': 'colored',
    },
  ],
]

const port = (change: object) => ({ ports: [{ target: 3000, published: '8080', ...change }] })

/** The last part of the place that is refused; routes, where a port could have one, lead there. */
const REFUSED: [written: ComposeService, place: string][] = [
  [port({ protocol: 'udp' }), 'ports.8080:3000/udp'],
  [port({ host_ip: '127.0.0.1' }), 'ports.127.0.0.1:8080:3000'],
  [port({ host_ip: '::1' }), 'ports.[::1]:8080:3000'],
  [port({ published: '8080-8090' }), 'ports.8080-8090:3000'],
  [{ ports: [{ target: 3000 }] }, 'ports.3000'],
  [{ networks: { default: { ipv4_address: '10.0.0.2' } } }, 'networks.default.ipv4_address'],
  [{ network_mode: 'host' }, 'network_mode'],
  [{ network_mode: 'container:x' }, 'network_mode'],
  [{ network_mode: 'lan' }, 'network_mode'],
  [{ network_mode: 'service:db' }, 'network_mode'],
  [{ ipc: 'container:x' }, 'ipc'],
  [{ pid: 'service:db' }, 'pid'],
  [{ links: ['db:api'] }, 'links.db:api'],
  [{ external_links: ['x:y'] }, 'external_links.x:y'],
  [{ volumes_from: ['db'] }, 'volumes_from.db'],
  [{ volumes_from: ['container:x'] }, 'volumes_from.container:x'],
  [{ labels: { 'verdigris.class': 'sharde' } }, 'labels.verdigris.class'],
  [{ provider: { type: 'cloud' } }, 'provider'],
]

const OTHERS = { api: { image: 'api' }, db: { image: 'postgres' } }

describe('a key that changes', () => {
  test('has an example here, of what becomes of it or of what is refused', () => {
    const shown = [...KEPT.map(([key]) => key), ...REFUSED.map(([, place]) => place.split('.')[0])]
    expect([...new Set(shown)].sort()).toEqual(changing.toSorted())
  })

  test.each(KEPT)('%s: %j becomes %j', (key, written, inColor) => {
    const model = shop({ ...OTHERS, web: { image: 'web:1', ...written } })
    const images = { web: 'verdigris.local/shop/web:1' }
    expect(colorServiceOf('web', { model, images })[key]).toEqual(inColor)
  })

  test.each(REFUSED)('%j is refused', (written, place) => {
    const model = shop({ ...OTHERS, web: { image: 'web:1', ...written } })
    const found = refusedPlaces({ model, routes: [] })
    expect(found).toContain(`services.web.${place}`)
  })
})
