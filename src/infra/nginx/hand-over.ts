import type { Proxy as ProxyPort, ProxyPorts, UsersCome } from '../../app/ports/proxy.ts'
import { proxyProject } from '../../domain/color.ts'
import { Expected } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import { rethrowKnown } from '../compose/compose-failure.ts'
import { networkName } from './compose-file.ts'
import type { ProxyContainer } from './driver.ts'
import { createProxyContainer, type EnsureContext, startProxyContainer } from './ensure.ts'
import { CONFIG_ROOT } from './layout.ts'
import { GO, WAIT_MARK } from './scripts.ts'
import { waitFor } from './wait-for.ts'

type HandOverContext = EnsureContext & { current: () => Promise<Site | undefined> }

type HandOver = Pick<ProxyPort, 'standReady' | 'takePorts' | 'settle' | 'letGo' | 'waitAgain'>

const STARTED_MS = 15_000

/**
 * Ports change hands between two containers. A container gets its ports published when it joins a network that leads
 * outside, and one that runs does that in a third of the time in which a container starts: so it starts before, on a
 * network that leads nowhere, the hall.
 */
export function createHandOver(context: HandOverContext): HandOver {
  const { app, driver, file } = context
  const project = proxyProject(app)
  const hall = `${project}-hall`
  const found = async (): Promise<ProxyContainer> => {
    const container = await driver.find(project)
    if (!container) throw new Expected({ code: 'proxy-absent' })
    return container
  }
  const leaveHall = async () => {
    const container = await driver.find(project)
    if (container?.networks.includes(hall)) await driver.leave(container.id, hall)
    await driver.removeNetwork(hall)
  }
  const make = async (site: (ports: ProxyPorts) => Site, users: UsersCome) => {
    const old = await driver.find(project)
    const listen = await listenedPorts(context)
    return await createProxyContainer(context, { site, listen, users }, old)
  }
  return {
    standReady: async (site) => {
      const { container } = await make(() => site, 'now')
      await driver.putFiles(container.id, CONFIG_ROOT, [{ path: WAIT_MARK, content: `${container.id}\n` }])
      await driver.makeInternal(hall, { app }).catch(rethrowKnown)
      await driver.leave(container.id, networkName(app))
      await driver.connect(container.id, [hall])
      await driver.compose({ project, file }, ['start'])
      await started(context, container)
    },
    takePorts: async (networks) => {
      const container = await found()
      const wanted = [networkName(app), ...networks]
      const missing = wanted.filter((network) => !container.networks.includes(network))
      await driver.connect(container.id, missing).catch(rethrowKnown)
      await driver.signal(container.id, GO)
    },
    settle: leaveHall,
    letGo: async () => {
      const container = await driver.find(project)
      if (container?.running) await driver.kill(container.id)
    },
    waitAgain: async (site) => {
      const installed = await context.current()
      const known = site ?? installed
      if (known === undefined) return
      const next = { ...known, active: undefined, generation: (installed ?? known).generation + 1 }
      const { container, ports } = await make(() => next, 'later')
      await startProxyContainer(context, container, ports)
      await driver.removeNetwork(hall)
    },
  }
}

/** The ports that the container was made for, published or not. */
async function listenedPorts({ ports }: EnsureContext): Promise<number[]> {
  return Object.keys((await ports([])).previews).map(Number)
}

/** Nothing can be asked of it from outside: what is left to do is left to the process that waits. */
async function started({ driver }: EnsureContext, { id, name }: ProxyContainer): Promise<void> {
  const up = await waitFor(
    async () => {
      const processes = await driver.processes(id).catch(() => [])
      return processes.some((process) => process.includes('sleep')) || undefined
    },
    { timeoutMs: STARTED_MS, pauseMs: 20 },
  )
  if (up) return
  const logs = await driver.errorLines(id, { since: undefined, lines: 20 })
  throw new Expected({ code: 'proxy-silent', container: name, reason: 'its container did not start', logs })
}
