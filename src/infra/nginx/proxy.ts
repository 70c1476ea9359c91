import { join } from 'node:path'
import type { Proxy as ProxyPort, ProxyPorts } from '../../app/ports/proxy.ts'
import { COLORS, type Color, proxyProject } from '../../domain/color.ts'
import type { DeliveryFiles } from '../../domain/delivery.ts'
import { Expected } from '../../domain/failure.ts'
import type { NginxFeature } from '../../domain/nginx-features.ts'
import type { Site } from '../../domain/site.ts'
import { awaitUpstreams } from './await-upstreams.ts'
import { changedFiles } from './changed-files.ts'
import { restoreProxyFile } from './compose-file.ts'
import { confirmGeneration } from './confirm.ts'
import { deliveryFiles } from './delivery-files.ts'
import { countLeft, countOldWorkers } from './draining.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { ensureProxy } from './ensure.ts'
import { madeOf, parseSiteFile, type Sources } from './generation-files.ts'
import { createHandOver } from './hand-over.ts'
import { installSite, reinstateGeneration, tryOutSite } from './install.ts'
import { CURRENT_SITES, sitePath } from './layout.ts'
import { maintain } from './maintenance.ts'
import { askManagement, askState, type State } from './management.ts'
import { moveUsers, servedMadeOf } from './move.ts'
import { observeProxy } from './observe.ts'
import { probe } from './probe.ts'
import { createPortChoice, parsePortLabels } from './proxy-ports.ts'
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

/** The last reload of this run: of which proxy, when it was asked for, and when new workers were seen to answer. */
type Reload = { proxy: Running; at: Date; answeredAtMs: number | undefined }

/** The app's own nginx: a compose project of one container, its configuration in a volume. */
export function createProxy(deps: ProxyDeps): ProxyPort {
  const { app, image } = deps
  const driver = rememberContainer(deps.driver)
  const project = proxyProject(app)
  const file = join(deps.deploymentDir, 'proxy', 'docker-compose.yml')
  const choice = createPortChoice(app, { management: deps.managementPort, preview: deps.previewPort })
  let reload: Reload | undefined
  let read: Promise<Templates> | undefined
  let served: { generation: number; madeOf: string | undefined } | undefined

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
    return await choice.choose(listen, container && parsePortLabels(container.labels))
  }
  const version = async () =>
    await checkVersion({ driver, image, needed: deps.needed, container: await driver.find(project) })
  const reloading = (proxy: Running) => {
    reload = { proxy, at: new Date(), answeredAtMs: undefined }
  }
  const confirm: ProxyPort['confirm'] = async (generation, options) => {
    const { container, ports } = reload?.proxy ?? (await running())
    const place = { driver, container: container.id, managementPort: ports.management }
    await confirmGeneration({ ...place, ...options, generation, since: reload?.at ?? new Date() })
    if (reload) reload.answeredAtMs = performance.now()
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

  const context = { driver, app, image, file, version, sources, ports, passOver: choice.passOver }
  const servedOf = async (generation: number, managementPort: number): Promise<string | undefined> => {
    // A generation stays as it was made: before the switch and at it, one question is enough.
    if (served?.generation !== generation) served = { generation, madeOf: await servedMadeOf(managementPort) }
    return served.madeOf
  }
  const stateOf = async ({ container, ports }: Running): Promise<State> =>
    await askState(ports.management, 2_000).catch((error: Error) => {
      throw proxySilent(container, error.message)
    })
  const current = async () => {
    const container = await driver.find(project)
    const told = await askSite(container)
    const text = told?.text ?? (await readInstalled('site.json'))
    const site = text === undefined ? undefined : parseSiteFile(text, `${sitePath(app)}/current/site.json`)
    return site && { ...site, active: told === undefined ? await markedColor(site) : told.color }
  }
  /** Where a stopped nginx will lead: its own color, unless a mark of its generation says another. */
  const markedColor = async ({ active }: Site): Promise<Color | undefined> => {
    const marks = await Promise.all(COLORS.map((color) => readInstalled(`leads-to-${color}`)))
    return COLORS.find((_, index) => marks[index] !== undefined) ?? active
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
    awaitUpstreams: async (site, color) => await awaitUpstreams(driver, site, color),
    lead: async (site) => {
      const proxy = await running()
      const [state, made] = await Promise.all([stateOf(proxy), madeOf(await sources(), site)])
      const { active: color } = site
      if (made === undefined || made !== (await servedOf(state.generation, site.managementPort)))
        return undefined
      if (state.color === color) return state.generation
      if (color === undefined) return undefined
      const { container } = proxy
      return (await moveUsers({ driver, container, site, state, color })) ? state.generation : undefined
    },
    install: async (site) => {
      const proxy = await running()
      const { color } = await stateOf(proxy)
      if (site.active && site.active !== color) await awaitUpstreams(driver, site, site.active)
      reloading(proxy)
      const { container } = proxy
      await installSite({ driver, container, sources: await sources(), site, aim: 'install' })
    },
    reinstate: async (generation, color) => {
      const proxy = await running()
      reloading(proxy)
      await reinstateGeneration({ driver, container: proxy.container, app, generation, color })
    },
    confirm,
    changedFiles: async () => {
      const proxy = await running()
      const { generation } = await stateOf(proxy)
      return await changedFiles({ driver, container: proxy.container, app, serves: generation })
    },
    oldWorkers: async () => {
      const { container } = await running()
      return await countOldWorkers(driver, container, reload?.answeredAtMs)
    },
    draining: async (color) => {
      const { container, ports } = await running()
      const place = { driver, container, app, managementPort: ports.management, color }
      return await countLeft({ ...place, newWorkersAtMs: reload?.answeredAtMs })
    },
    maintain: async (wanted) => {
      const { container, ports } = await running()
      const place = { driver, container, app, managementPort: ports.management }
      await maintain(place, { page: deps.maintenancePage, wanted })
    },
    show: async () => {
      const [main, site] = await Promise.all([readInstalled('nginx.conf'), readInstalled('site.conf')])
      if (main === undefined || site === undefined) throw new Expected({ code: 'proxy-absent' })
      return together(
        main,
        site.replaceAll(/(?<=\/generations\/\d+)-[0-9a-z]+/g, ''),
        (await current())?.active,
      )
    },
    render: async (site) => {
      const [main, text] = await renderBoth(await templates(), site)
      return together(main, text, site.active)
    },
    stop: async () => await compose(['stop', '-t', '15']),
    remove: async () => await compose(['down', '-t', '2', '--volumes']),
    probe: async (target) => {
      const { ports } = await running()
      return await probe(ports.management, target)
    },
  }
}

/** nginx answers in a millisecond what the engine's archive takes fifty for; a stopped one cannot. */
async function askSite(
  container: ProxyContainer | undefined,
): Promise<{ text: string; color: Color | undefined } | undefined> {
  const ports = container?.running === true ? parsePortLabels(container.labels) : undefined
  if (ports === undefined) return undefined
  const asked = [
    askManagement(ports.management, '/site.json', 2_000),
    askState(ports.management, 2_000),
  ] as const
  const [answer, state] = (await Promise.all(asked).catch(() => undefined)) ?? []
  return state && answer?.status === 200 ? { text: answer.body, color: state.color } : undefined
}

async function renderBoth(templates: Templates, site: Site): Promise<[main: string, site: string]> {
  return [
    await renderMain(templates, site, CURRENT_SITES),
    await renderSite(templates, site, String(site.generation)),
  ]
}

function together(main: string, site: string, active: Color | undefined): string {
  return `# Users are led to ${active ?? 'no color'}.\n# nginx.conf\n${main}\n# site.conf\n${site}`
}
