import { buildSite } from '../domain/build-site.ts'
import { didSwitch } from '../domain/choose-rollback.ts'
import { COLORS, type Color, colorProject, proxyProject } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import type { Metadata } from '../domain/release.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Settings } from '../domain/settings.ts'
import type { Site } from '../domain/site.ts'
import { userUrl } from '../domain/user-url.ts'
import type { Context } from './command.ts'
import { draftRelease } from './draft-release.ts'
import { holdLock } from './hold-lock.ts'
import type { TakeLine } from './ports/platform.ts'
import type { Proxy, ProxyPorts } from './ports/proxy.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { observeWorld } from './world.ts'

/**
 * Starts the app's proxy. One that was removed, volume and all, is made again from what runs and the snapshots
 * of it; `recreate` also replaces one that runs, for other ports or another image: a gap for users.
 */
export async function startProxy(context: Context, options: { recreate: boolean }): Promise<string[]> {
  const { ports, settings } = context
  return holdLock(context, 'proxy start', async () => {
    const world = await observeWorld(ports, settings.app)
    await refuseForeign({ machine: ports.machine, settings }, world)
    const known = world.proxy.state === 'absent' ? undefined : await ports.proxy.current()
    const releases = runningReleases(world)
    if (known === undefined && releases.length === 0) throw new Expected({ code: 'nothing-deployed' })
    const served = known?.listeners.map((each) => each.port) ?? listenPorts(releases)
    const listen = options.recreate ? await withWantedPorts(context, served) : served
    await ports.proxy.ensure((given) => known ?? rebuiltSite({ world, releases, ports: given, settings }), {
      listen,
      recreate: options.recreate,
    })
    for (const color of COLORS) {
      const networks = await ports.platform.networks(colorProject(settings.app, color))
      await ports.proxy.join(networks.map((network) => network.name))
    }
    await reached(ports.proxy, releases)
    return listen.map((port) => userUrl({ listen: port, host: undefined, path: '/' }, settings.delivery.tls))
  })
}

/** A proxy that is made anew also publishes the ports that the next release will ask for. */
async function withWantedPorts(context: Context, served: readonly number[]): Promise<number[]> {
  const { routes } = await draftRelease(context, { color: 'blue', at: context.ports.machine.now() })
  return [...new Set([...served, ...routes.map((route) => route.listen)])].sort((a, b) => a - b)
}

/** Users are answered as soon as the command is done; a color that does not run is left to `status` to tell. */
async function reached(proxy: Proxy, releases: readonly Running[]): Promise<void> {
  const site = await proxy.current()
  if (site?.active === undefined || !releases.some(({ color }) => color === site.active)) return
  await proxy.awaitUpstreams(site, site.active)
}

type Running = { color: Color; metadata: Metadata }

function runningReleases(world: World): Running[] {
  return COLORS.flatMap((color) => {
    const release = runningRelease(world, color)
    const metadata = world.records.snapshots.find((snapshot) => snapshot.id === release)
    return metadata === undefined ? [] : [{ color, metadata }]
  })
}

function listenPorts(releases: readonly Running[]): number[] {
  return [...new Set(releases.flatMap(({ metadata }) => metadata.routes.map((route) => route.listen)))].sort(
    (a, b) => a - b,
  )
}

function rebuiltSite(from: {
  world: World
  releases: readonly Running[]
  ports: ProxyPorts
  settings: Pick<Settings, 'drainTimeoutMs' | 'delivery'>
}): Site {
  const colors = Object.fromEntries(
    from.releases.map(({ color, metadata }) => [color, { release: metadata.id, routes: metadata.routes }]),
  )
  return buildSite({
    app: from.world.app,
    generation: 1,
    active: lastActive(from.world, from.releases),
    colors,
    ports: from.ports,
    drainTimeoutMs: from.settings.drainTimeoutMs,
    delivery: from.settings.delivery,
  })
}

/** Without an nginx to ask: the color that was written down, if it still runs, else the one that does. */
function lastActive({ records }: World, releases: readonly Running[]): Color | undefined {
  const written = records.active ?? records.history.findLast(didSwitch)?.to
  return (releases.find(({ color }) => color === written) ?? releases[0])?.color
}

/** Stops the proxy: users get no answer until it is started again. */
export async function stopProxy(context: Context): Promise<void> {
  await holdLock(context, 'proxy stop', () => context.ports.proxy.stop())
}

/** The nginx configuration that is installed. */
export function showProxyConfiguration({ ports }: Context): Promise<string> {
  return ports.proxy.show()
}

/** What nginx logged. */
export function readProxyLogs(
  { ports, settings }: Context,
  options: { follow: boolean; tail: number },
  take: TakeLine,
): Promise<void> {
  return ports.platform.readLogs({ project: proxyProject(settings.app), services: [], ...options }, take)
}
