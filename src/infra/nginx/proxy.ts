import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Proxy as ProxyPort, ProxyPorts } from '../../app/ports/proxy.ts'
import { proxyProject } from '../../domain/color.ts'
import type { DeliveryFiles } from '../../domain/delivery.ts'
import { Expected } from '../../domain/failure.ts'
import type { NginxFeature } from '../../domain/nginx-features.ts'
import type { Site } from '../../domain/site.ts'
import { awaitUpstreams } from './await-upstreams.ts'
import { changedFiles } from './changed-files.ts'
import { restoreProxyFile } from './compose-file.ts'
import { confirmGeneration } from './confirm.ts'
import { deliveryFiles } from './delivery-files.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { ensureProxy } from './ensure.ts'
import { parseSiteFile, type Sources } from './generation-files.ts'
import { createHandOver } from './hand-over.ts'
import { installSite, reinstateGeneration, tryOutSite } from './install.ts'
import { CURRENT_SITES, sitePath } from './layout.ts'
import { maintain } from './maintenance.ts'
import { askManagement, askState } from './management.ts'
import { countDraining, observeProxy } from './observe.ts'
import { countConnections } from './old-connections.ts'
import { probe } from './probe.ts'
import { choosePorts, firstPort, parsePortLabels } from './proxy-ports.ts'
import { PAUSED, proxySilent } from './proxy-silent.ts'
import { rememberContainer } from './remember-container.ts'
import { readTemplates, renderMain, renderSite, type Templates } from './render.ts'
import { checkVersion } from './version.ts'

export type ProxyDeps = {
  driver: ProxyDriver
  app: string
  image: string
  /** What nginx in it must have. */
  needed: readonly NginxFeature[]
  /** Where the proxy's compose file is kept, absolute. */
  deploymentDir: string
  /** A folder whose templates take the place of the built-in ones, absolute. */
  templatesDir: string | undefined
  files: DeliveryFiles
  managementPort: number | undefined
  previewPort: number | undefined
  /** The page that users see during maintenance, absolute; undefined: the built-in one. */
  maintenancePage: string | undefined
}

type Running = { container: ProxyContainer; ports: ProxyPorts }

/**
 * The last reload of this run: of which proxy, to which generation, when it was asked for; when new connections were
 * last seen to be answered by that generation alone.
 */
type Reload = { proxy: Running; generation: number; at: Date; aloneMs: number | undefined }

// Old workers that cease to accept call themselves "shutting down" a moment later: counted earlier, none would seem
// to be left.
const UNTITLED_MS = 140
const ALONE = { times: 3, timeoutMs: 2_000 }

/** The app's own nginx: a compose project of one container, its configuration in a volume. */
export function createProxy(deps: ProxyDeps): ProxyPort {
  const { app, image } = deps
  const driver = rememberContainer(deps.driver)
  const project = proxyProject(app)
  const file = join(deps.deploymentDir, 'proxy', 'docker-compose.yml')
  let reload: Reload | undefined
  let chosen: ProxyPorts | undefined
  let read: Promise<Templates> | undefined

  const templates = () => {
    read ??= readTemplates(deps.templatesDir)
    return read
  }
  const running = async (): Promise<Running> => {
    const container = await driver.find(project)
    const ports = container && parsePortLabels(container.labels)
    if (!container || !ports) throw new Expected({ code: 'proxy-absent' })
    if (!container.running) throw proxySilent(container, 'its container is stopped')
    if (container.paused) throw proxySilent(container, PAUSED)
    return { container, ports }
  }
  const ports = async (listen: readonly number[]): Promise<ProxyPorts> => {
    const container = await driver.find(project)
    // What was chosen stays chosen until it is on the container's labels.
    const known = (container && parsePortLabels(container.labels)) ?? chosen
    const set = { management: deps.managementPort, preview: deps.previewPort }
    const all = [...new Set([...listen, ...Object.keys(known?.previews ?? {}).map(Number)])]
    chosen = await choosePorts({ from: firstPort(app), listen: all, known, set })
    return chosen
  }
  const version = async () =>
    await checkVersion({ driver, image, needed: deps.needed, container: await driver.find(project) })
  const reloading = (proxy: Running, generation: number) => {
    reload = { proxy, generation, at: new Date(), aloneMs: undefined }
  }
  const confirm: ProxyPort['confirm'] = async (generation, options) => {
    const { container, ports } = reload?.proxy ?? (await running())
    const place = { driver, container: container.id, managementPort: ports.management }
    await confirmGeneration({ ...place, ...options, generation, since: reload?.at ?? new Date() })
    if (reload && options.leads === undefined) reload.aloneMs = performance.now()
  }
  const oldWorkersTitled = async () => {
    if (!reload) return
    // What counts is the count: a reload without effect was told by who confirmed it.
    if (reload.aloneMs === undefined) await confirm(reload.generation, ALONE).catch(() => {})
    await pause(Math.max(0, (reload.aloneMs ?? performance.now()) + UNTITLED_MS - performance.now()))
  }
  const compose = async (words: readonly string[]) => {
    const container = await driver.find(project)
    if (!container) return
    await restoreProxyFile(file, container)
    await driver.compose({ project, file }, words)
  }
  const readInstalled = async (name: string): Promise<string | undefined> => {
    const container = await driver.find(project)
    return container && (await driver.readFile(container.id, `${sitePath(app)}/current/${name}`))
  }

  const sources = async (): Promise<Sources> => ({
    templates: await templates(),
    own: (site, folder) => deliveryFiles({ site, folder, files: deps.files, installed: readInstalled }),
  })

  const context = { driver, app, image, file, version, sources, ports }
  // nginx answers in a millisecond what the engine's archive takes fifty for; a stopped one cannot.
  const current = async () => {
    const text = (await askSite(await driver.find(project))) ?? (await readInstalled('site.json'))
    return text === undefined ? undefined : parseSiteFile(text, `${sitePath(app)}/current/site.json`)
  }
  const handOver = createHandOver({ ...context, current })

  return {
    ports,
    current,
    ...handOver,
    standReady: async (site) => {
      // What was reloaded is made anew.
      reload = undefined
      await handOver.standReady(site)
    },
    observe: async () => await observeProxy(driver, project),
    check: async () => ({ version: await version() }),
    ensure: async (site, options) => await ensureProxy(context, { site, ...options }),
    join: async (networks) => {
      const { container } = await running()
      const missing = networks.filter((network) => !container.networks.includes(network))
      if (missing.length > 0) await driver.connect(container.id, missing)
      return missing
    },
    test: async (site) => {
      const container = await driver.find(project)
      if (!container?.running) return await tryOutSite({ driver, image, sources: await sources(), site })
      await installSite({ driver, container, sources: await sources(), site, aim: 'test' })
    },
    awaitUpstreams,
    install: async (site) => {
      const { container, ports } = await running()
      const { color } = await askState(ports.management, 2_000).catch((error: Error) => {
        throw proxySilent(container, error.message)
      })
      if (site.active && site.active !== color) await awaitUpstreams(site, site.active)
      reloading({ container, ports }, site.generation)
      await installSite({ driver, container, sources: await sources(), site, aim: 'install' })
    },
    reinstate: async (generation) => {
      const { container, ports } = await running()
      reloading({ container, ports }, generation)
      await reinstateGeneration({ driver, container, app, generation })
    },
    confirm,
    changedFiles: async () => {
      const { container, ports } = await running()
      const { generation } = await askState(ports.management, 2_000).catch((error: Error) => {
        throw proxySilent(container, error.message)
      })
      return await changedFiles({ driver, container, app, serves: generation })
    },
    draining: async () => {
      const { container } = await running()
      await oldWorkersTitled()
      return await countDraining(driver, container)
    },
    drainingConnections: async () => {
      const { container, ports } = await running()
      return await countConnections(driver, container, ports)
    },
    maintain: async (wanted) => {
      const { container, ports } = await running()
      const place = { driver, container, app, managementPort: ports.management }
      await maintain(place, { page: deps.maintenancePage, wanted })
    },
    show: async () => {
      const [main, site] = await Promise.all([readInstalled('nginx.conf'), readInstalled('site.conf')])
      if (main === undefined || site === undefined) throw new Expected({ code: 'proxy-absent' })
      return together(main, site.replaceAll(/(?<=\/generations\/\d+)-[0-9a-z]+/g, ''))
    },
    render: async (site) => {
      const [main, text] = await renderBoth(await templates(), site)
      return together(main, text)
    },
    stop: async () => await compose(['stop', '-t', '15']),
    remove: async () => await compose(['down', '-t', '2', '--volumes']),
    probe: async (target) => {
      const { ports } = await running()
      return await probe(ports.management, target)
    },
  }
}

async function askSite(container: ProxyContainer | undefined): Promise<string | undefined> {
  const ports = container?.running === true ? parsePortLabels(container.labels) : undefined
  if (ports === undefined) return undefined
  const answer = await askManagement(ports.management, '/site.json', 2_000).catch(() => undefined)
  return answer?.status === 200 ? answer.body : undefined
}

async function renderBoth(templates: Templates, site: Site): Promise<[main: string, site: string]> {
  return [
    await renderMain(templates, site, CURRENT_SITES),
    await renderSite(templates, site, String(site.generation)),
  ]
}

function together(main: string, site: string): string {
  return `# nginx.conf\n${main}\n# site.conf\n${site}`
}
