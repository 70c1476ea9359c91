import type { Proxy as ProxyPort, ProxyPorts } from '../../app/ports/proxy.ts'
import { withPorts } from '../../domain/build-site.ts'
import { proxyProject } from '../../domain/color.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import { recogniseFailure } from '../compose/compose-failure.ts'
import { networkName, type ProxyProject, restoreProxyFile, writeProxyFile } from './compose-file.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { firstLinks, generationFiles, type Sources } from './generation-files.ts'
import { CONFIG_ROOT, newFolder } from './layout.ts'
import { askState } from './management.ts'
import { isWaiting, type PortChoice, parsePortLabels } from './proxy-ports.ts'
import { proxySilent } from './proxy-silent.ts'
import { waitFor } from './wait-for.ts'

const ANSWER_TIMEOUT_MS = 15_000
// Found free, a port may be somebody else's by the time it is bound; the engine may also keep it for somebody who is gone.
const MOST_TRIES = 5

export type EnsureContext = {
  driver: ProxyDriver
  app: string
  image: string
  file: string
  version: () => Promise<string>
  sources: () => Promise<Sources>
  ports: (listen: readonly number[]) => Promise<ProxyPorts>
  passOver: PortChoice['passOver']
}

type Wanted = Parameters<ProxyPort['ensure']>[1] & { site: Parameters<ProxyPort['ensure']>[0] }

/** A proxy that runs and publishes the ports; creates, starts or recreates it, as far as it is allowed to. */
export async function ensureProxy(context: EnsureContext, wanted: Wanted): Promise<void> {
  const container = await context.driver.find(proxyProject(context.app))
  const published = container && parsePortLabels(container.labels)
  if (!container || !published) return await createAndStart(context, wanted, undefined)
  const listening = Object.keys(published.previews).map(Number)
  const missing = wanted.listen.filter((port) => !listening.includes(port))
  if (missing.length > 0 && !wanted.recreate) {
    throw new Expected({ code: 'proxy-ports-differ', published: listening, needed: [...wanted.listen] })
  }
  if (missing.length > 0 || wanted.recreate) return await createAndStart(context, wanted, container)
  await restoreProxyFile(context.file, container)
  if (container.paused) await compose(context, ['unpause'])
  if (container.running) return await awaitAnswer(context, container, published)
  try {
    await startProxyContainer(context, container, published)
  } catch (error) {
    if (!context.passOver(error)) throw error
    await createAndStart(context, wanted, container)
  }
}

type Made = {
  site: (ports: ProxyPorts) => Site
  listen: readonly number[]
  users: ProxyProject['users']
}

async function createAndStart(context: EnsureContext, wanted: Wanted, old: ProxyContainer | undefined) {
  const users = old === undefined ? (wanted.users ?? 'now') : isWaiting(old.labels) ? 'later' : 'now'
  for (let tries = 1; ; tries += 1) {
    const { container, ports } = await createProxyContainer(context, { ...wanted, users }, old)
    if (old) await context.driver.connect(container.id, old.networks)
    try {
      return await startProxyContainer(context, container, ports)
    } catch (error) {
      if (tries === MOST_TRIES || !context.passOver(error)) throw error
    }
  }
}

/** Makes the container, anew where there is one, with a site as its configuration; it does not run yet. */
export async function createProxyContainer(
  context: EnsureContext,
  { listen, site: siteFor, users }: Made,
  old: ProxyContainer | undefined,
): Promise<{ container: ProxyContainer; ports: ProxyPorts }> {
  const { driver, app, image, file } = context
  const ports = await context.ports(listen)
  const site = withPorts(siteFor(ports), ports)
  const folder = newFolder(site.generation, new Date())
  const files = await generationFiles(await context.sources(), site, folder)
  await writeProxyFile(file, { app, image, version: await context.version(), ports, users })
  // Idle connections would keep the old one from ending for as long as users wait for the new one.
  if (old?.paused) await compose(context, ['unpause'])
  if (old?.running) await compose(context, ['stop', '-t', '2'])
  await driver.ensureNetwork(proxyProject(app), networkName(app))
  await compose(context, ['create', '--force-recreate'])
  const container = await driver.find(proxyProject(app))
  if (!container) throw new Expected({ code: 'proxy-absent' })
  await driver.putFiles(container.id, CONFIG_ROOT, [...files, ...firstLinks(app, folder)])
  return { container, ports }
}

/** Starts it, and waits until nginx answers; `port-taken`, `proxy-silent`. */
export async function startProxyContainer(
  context: EnsureContext,
  container: ProxyContainer,
  ports: ProxyPorts,
): Promise<void> {
  try {
    await compose(context, ['start'])
  } catch (error) {
    throw portTaken(error, ports) ?? error
  }
  await awaitAnswer(context, container, ports)
}

async function compose({ app, driver, file }: EnsureContext, words: readonly string[]): Promise<void> {
  await driver.compose({ project: proxyProject(app), file }, words)
}

async function awaitAnswer(
  { driver }: EnsureContext,
  container: ProxyContainer,
  ports: ProxyPorts,
): Promise<void> {
  let reason = ''
  const answered = await waitFor(
    async () => {
      try {
        return await askState(ports.management, 1_000)
      } catch (error) {
        reason = (error as Error).message
        return undefined
      }
    },
    { timeoutMs: ANSWER_TIMEOUT_MS, pauseMs: 20 },
  )
  if (answered) return
  const logs = await driver.errorLines(container.id, { since: undefined, lines: 20 })
  throw proxySilent(container, reason, logs)
}

function portTaken(error: unknown, ports: ProxyPorts): Expected | undefined {
  const failure = failureOf(error)
  const known = failure?.code === 'start-failed' ? recogniseFailure(failure.output) : undefined
  if (known?.code !== 'port-taken') return undefined
  return new Expected({ ...known, ...settingOf(known.port, ports) }, error)
}

function settingOf(port: number, ports: ProxyPorts): { setting?: 'management' | 'preview' } {
  if (port === ports.management) return { setting: 'management' }
  return Object.values(ports.previews).includes(port) ? { setting: 'preview' } : {}
}
