import { COLORS, colorProject, proxyProject } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import { userUrl } from '../domain/user-url.ts'
import type { Context } from './command.ts'
import { draftRelease } from './draft-release.ts'
import { holdLock } from './hold-lock.ts'
import { listenPorts, type RunningColor, rebuiltSite, runningColors } from './known-site.ts'
import type { TakeLine } from './ports/platform.ts'
import type { Proxy } from './ports/proxy.ts'
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
    const listen = await bringUpProxy(context, world, options)
    return listen.map((port) => userUrl({ listen: port, host: undefined, path: '/' }, settings.delivery.tls))
  })
}

/** The same for who holds the lock; returns the ports on which users are answered. */
export async function bringUpProxy(
  context: Context,
  world: World,
  { recreate }: { recreate: boolean },
): Promise<number[]> {
  const { ports, settings } = context
  const known = world.proxy.state === 'absent' ? undefined : await ports.proxy.current()
  const releases = runningColors(world)
  if (known === undefined && releases.length === 0) throw new Expected({ code: 'nothing-deployed' })
  const served = known?.listeners.map((each) => each.port) ?? listenPorts(releases)
  const listen = recreate ? await withWantedPorts(context, served) : served
  await ports.proxy.ensure(
    (given) => known ?? rebuiltSite({ world, releases, generation: 1, ports: given, settings }),
    { listen, recreate },
  )
  for (const color of COLORS) {
    const networks = await ports.platform.networks(colorProject(settings.app, color))
    await ports.proxy.join(networks.map((network) => network.name))
  }
  await reached(ports.proxy, releases)
  return listen
}

/** A proxy that is made anew also publishes the ports that the next release will ask for. */
async function withWantedPorts(context: Context, served: readonly number[]): Promise<number[]> {
  const { routes } = await draftRelease(context, { color: 'blue', at: context.ports.machine.now() })
  return [...new Set([...served, ...routes.map((route) => route.listen)])].sort((a, b) => a - b)
}

/** Users are answered as soon as the command is done; a color that does not run is left to `status` to tell. */
async function reached(proxy: Proxy, releases: readonly RunningColor[]): Promise<void> {
  const site = await proxy.current()
  if (site?.active === undefined || !releases.some(({ color }) => color === site.active)) return
  await proxy.awaitUpstreams(site, site.active)
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
