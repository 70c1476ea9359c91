import type { Proxy, ProxyPorts } from '../../../src/app/ports/proxy.ts'
import { sameUpstreams } from '../../../src/domain/build-site.ts'
import type { Color } from '../../../src/domain/color.ts'
import type { ProxyFacts } from '../../../src/domain/facts.ts'
import { Expected } from '../../../src/domain/failure.ts'
import type { Site } from '../../../src/domain/site.ts'
import type { Faults } from './faults.ts'
import { leadsTo, ownWeb, type ProxyWorld, type World, webOf, written } from './world.ts'

const CONTAINER = 'shop-proxy-nginx-1'

/** An nginx: what it was reloaded with is what it answers. */
export function proxyOf(world: World, { heeding, lookHeeding }: Faults): Proxy {
  const running = (): ProxyWorld => {
    if (world.proxy === undefined) throw new Expected({ code: 'proxy-absent' })
    if (!world.proxy.running) throw silent('its container is stopped')
    return world.proxy
  }
  const existing = (): ProxyWorld => {
    if (world.proxy === undefined) throw new Expected({ code: 'proxy-absent' })
    return world.proxy
  }
  return {
    observe: () => lookHeeding('observe', () => factsOf(world)),
    check: () => lookHeeding('proxy check', () => ({ version: '1.30.0' })),
    ensure: (site, { listen, users }) =>
      heeding(
        'ensure',
        () => {
          world.proxy ??= made(site, portsFor(listen), users === 'later')
        },
        () => {
          if (world.proxy !== undefined) publishAndRun(world, world.proxy)
        },
      ),
    standReady: (site) =>
      heeding(
        'standReady',
        () => {
          running()
          remake(world, site, { waiting: false })
        },
        () => {
          const proxy = existing()
          proxy.running = true
        },
      ),
    takePorts: (networks) =>
      heeding(
        'takePorts',
        () => publishAndRun(world, running()),
        () => {
          const proxy = running()
          proxy.networks = [...new Set([...proxy.networks, ...networks])]
        },
      ),
    settle: () => heeding('settle', () => {}),
    letGo: () =>
      heeding('letGo', () => {
        if (world.proxy !== undefined) world.proxy.running = false
      }),
    waitAgain: (before) =>
      heeding(
        'waitAgain',
        () => {
          const installed = world.proxy?.generations[world.proxy.loaded]?.site
          const generation = (world.proxy?.loaded ?? 0) + 1
          if (installed !== undefined)
            remake(world, { ...(before ?? installed), active: undefined, generation }, { waiting: true })
        },
        () => {
          if (world.proxy !== undefined) publishAndRun(world, world.proxy)
        },
      ),
    ports: (listen) => lookHeeding('ports', () => world.proxy?.ports ?? portsFor(listen)),
    join: (networks) =>
      heeding('join', () => {
        const proxy = running()
        const known = networks.filter((name) => world.networks.some((network) => network.name === name))
        if (known.length < networks.length)
          throw new Expected({ code: 'timed-out', what: 'join', afterMs: 1 })
        const missing = networks.filter((name) => !proxy.networks.includes(name))
        proxy.networks = [...proxy.networks, ...missing]
        return missing
      }),
    test: () => lookHeeding('test', () => {}),
    awaitUpstreams: (_, color) => lookHeeding('awaitUpstreams', () => reach(world, color)),
    lead: (site) =>
      heeding('lead', () => {
        const proxy = running()
        const serving = proxy.generations[proxy.loaded]
        if (serving === undefined || !sameButColor(serving.site, site)) return undefined
        if (site.active !== leadsTo(world)) {
          if (site.active === undefined) return undefined
          reach(world, site.active)
          moveAlike(proxy, site)
        }
        return proxy.loaded
      }),
    install: (site) =>
      heeding('install', () => {
        const proxy = running()
        if (site.active !== undefined && site.active !== leadsTo(world)) reach(world, site.active)
        proxy.generations[site.generation] = { site: written(site), leadsTo: site.active }
        reload(proxy, site)
      }),
    reinstate: (generation, color) =>
      heeding('reinstate', () => {
        const proxy = running()
        const site = proxy.generations[generation]?.site
        if (site === undefined)
          throw new Expected({ code: 'command-failed', command: 'reinstate', exitCode: 66, output: '' })
        reload(proxy, { ...site, active: color })
      }),
    confirm: (generation) =>
      lookHeeding('confirm', () => {
        const answered = `generation ${running().loaded}`
        if (running().loaded !== generation)
          throw new Expected({ code: 'reload-without-effect', expected: generation, answered, logs: [] })
      }),
    current: () => lookHeeding('current', () => currentOf(world)),
    changedFiles: () => lookHeeding('changedFiles', () => [...running().changed]),
    oldWorkers: () => lookHeeding('oldWorkers', () => 0),
    draining: () => lookHeeding('draining', () => drain(running())),
    maintain: () => heeding('maintain', () => void running()),
    show: () => lookHeeding('show', () => ''),
    render: () => lookHeeding('render', () => ''),
    stop: () =>
      heeding('proxy stop', () => {
        if (world.proxy !== undefined) world.proxy.running = false
      }),
    remove: () =>
      heeding('proxy remove', () => {
        world.proxy = undefined
      }),
    probe: ({ color }) =>
      lookHeeding('probe', () =>
        webOf(world, color) === undefined
          ? { kind: 'refused', why: 'nobody listens' }
          : { kind: 'answered', status: 200, ok: true, why: undefined, ms: 1 },
      ),
  }
}

function factsOf(world: World): ProxyFacts {
  const { proxy } = world
  if (proxy === undefined) return { state: 'absent' }
  const waiting = proxy.waiting ? { waiting: true as const } : {}
  if (!proxy.running) return { state: 'stopped', container: CONTAINER, ...waiting }
  if (!proxy.open)
    return { state: 'silent', container: CONTAINER, reason: 'nothing is published', ...waiting }
  const site = proxy.generations[proxy.loaded]?.site
  return {
    state: 'running',
    ...waiting,
    container: CONTAINER,
    image: 'nginx',
    generation: proxy.loaded,
    active: leadsTo(world),
    releases: { blue: site?.releases.blue, green: site?.releases.green },
    managementPort: proxy.ports.management,
    previewPorts: proxy.ports.previews,
    maintenance: false,
  }
}

function made(site: (ports: ProxyPorts) => Site, ports: ProxyPorts, waiting = false): ProxyWorld {
  const first = site(ports)
  return {
    running: false,
    ports,
    networks: [],
    generations: { [first.generation]: { site: written(first), leadsTo: first.active } },
    loaded: first.generation,
    changed: [],
    draining: 0,
    waiting,
    open: true,
  }
}

/** Another container in the place of the one there was, with the same volume. */
function remake(world: World, site: Site, { waiting }: { waiting: boolean }): void {
  const { proxy } = world
  if (proxy === undefined) return
  proxy.running = false
  proxy.waiting = waiting
  proxy.open = false
  proxy.networks = []
  proxy.generations[site.generation] = { site: written(site), leadsTo: site.active }
  proxy.loaded = site.generation
}

/** Two cannot have the port of users. */
function publishAndRun(world: World, proxy: ProxyWorld): void {
  if (!proxy.waiting && ownWeb(world) !== undefined)
    throw new Expected({ code: 'port-taken', port: 8080, holder: undefined, container: undefined, own: true })
  proxy.running = true
  proxy.open = true
}

function portsFor(listen: readonly number[]): ProxyPorts {
  return {
    management: 19_000,
    previews: Object.fromEntries(listen.map((port, index) => [port, 19_001 + index])),
  }
}

/** What is installed, and where marks lead it. */
function currentOf(world: World): Site | undefined {
  const installed = world.proxy?.generations[world.proxy.loaded]
  return installed && { ...installed.site, active: installed.leadsTo }
}

function sameButColor(a: Site, b: Site): boolean {
  const alike = (site: Site) => JSON.stringify({ ...site, generation: 0, active: undefined })
  return alike(a) === alike(b)
}

function reload(proxy: ProxyWorld, site: Site): void {
  moveAlike(proxy, site)
  proxy.loaded = site.generation
  proxy.changed = []
}

/** Every generation that knows the same addresses follows at the same request, as the marks make it. */
function moveAlike(proxy: ProxyWorld, site: Site): void {
  for (const generation of Object.values(proxy.generations))
    if (sameUpstreams(generation.site, site)) generation.leadsTo = site.active
  proxy.draining = 1
}

function reach(world: World, color: Color): void {
  if (webOf(world, color) !== undefined) return
  throw new Expected({ code: 'standby-unhealthy', color, service: 'web', evidence: 'nobody listens' })
}

function drain(proxy: ProxyWorld): number {
  const left = proxy.draining
  proxy.draining = 0
  return left
}

function silent(reason: string): Expected {
  return new Expected({ code: 'proxy-silent', container: CONTAINER, reason, logs: [] })
}
