import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proxy as ProxyPort } from '../../../src/app/ports/proxy.ts'
import { buildSite, type SiteFacts } from '../../../src/domain/build-site.ts'
import { type Color, colorProject } from '../../../src/domain/color.ts'
import { PLAIN_DELIVERY } from '../../../src/domain/delivery.ts'
import type { Route } from '../../../src/domain/service.ts'
import { type Site, upstreamHost } from '../../../src/domain/site.ts'
import { serviceLabels } from '../../../src/infra/docker/container-facts.ts'
import { createDockerDriver, type Run } from '../../../src/infra/nginx/docker-driver.ts'
import type { ProxyDriver } from '../../../src/infra/nginx/driver.ts'
import { createProxy, type ProxyDeps } from '../../../src/infra/nginx/proxy.ts'
import { imageFromSetup } from '../../support/apps.ts'
import { uniqueName } from '../../support/own-part.ts'
import { must, run } from '../../support/run.ts'
import { testAppImage } from '../../support/setup/images.ts'
import { freePort } from '../../support/until.ts'

/** An app's proxy on a network of its own, and the containers that play its colors. */
export interface NginxLab {
  app: string
  /** The public port. */
  port: number
  network: string
  folder: string
  proxy: ProxyPort
  driver: ProxyDriver
  /** A second proxy object on the same container, as another run of the program would have. */
  anotherProxy: (deps: Partial<ProxyDeps>) => ProxyPort
  /** A site of this app: one route to `web` in each color that is named, unless `facts` say otherwise. */
  site: (generation: number, active: Color | undefined, facts?: Partial<SiteFacts>) => Promise<Site>
  route: (change?: Partial<Route>) => Route
  /** Creates and starts the proxy with a site as its first configuration, and joins it to the network. */
  ensure: (first?: { active?: Color; listen?: number[] }) => Promise<void>
  start: (color: Color, options?: { service?: string; argv?: string[]; image?: string }) => Promise<string>
  remove: () => Promise<void>
}

const NO_FILES = { certificate: undefined, key: undefined, errorPage: undefined }

/** The driver's way to run docker, in tests. */
export const runDocker: Run = async ([program, ...args], { timeoutMs }) => {
  const { code, stdout, stderr } = await run(program, args, { timeoutMs })
  return { exitCode: code, stdout, stderr }
}

export async function createNginxLab(templates: Record<string, string> = {}): Promise<NginxLab> {
  const app = uniqueName('vt-nginx-')
  const network = `${app}-lab`
  const folder = mkdtempSync(join(tmpdir(), `${app}-`))
  for (const [name, text] of Object.entries(templates)) writeFileSync(join(folder, name), text)
  const port = await freePort()
  const driver = createDockerDriver(runDocker)
  const anotherProxy = (deps: Partial<ProxyDeps>) =>
    createProxy({
      driver,
      app,
      image: imageFromSetup('PROXY_IMAGE'),
      needed: ['idle-kept', 'names-resolved', 'http2', 'grpc'],
      deploymentDir: join(folder, 'deployments'),
      templatesDir: folder,
      files: NO_FILES,
      managementPort: undefined,
      previewPort: undefined,
      maintenancePage: undefined,
      ...deps,
    })
  const proxy = anotherProxy({})
  const route = (change: Partial<Route> = {}): Route => ({
    listen: port,
    host: undefined,
    path: '/',
    service: 'web',
    port: 3000,
    ...change,
  })
  const site: NginxLab['site'] = async (generation, active, facts) =>
    buildSite({
      app,
      generation,
      active,
      colors: {
        blue: { release: 'blue-1', routes: [route()] },
        green: { release: 'green-2', routes: [route()] },
      },
      ports: await proxy.ports([port]),
      drainTimeoutMs: 5_000,
      delivery: PLAIN_DELIVERY,
      ...facts,
    })
  await must('docker', ['network', 'create', network])
  return {
    app,
    port,
    network,
    folder,
    proxy,
    driver,
    anotherProxy,
    site,
    route,
    ensure: async ({ active = 'blue', listen = [port] } = {}) => {
      await proxy.check()
      const first = await site(1, active, { ports: await proxy.ports(listen) })
      await proxy.ensure(() => first, { listen, recreate: false })
      await proxy.join([network])
    },
    start: async (color, { service = 'web', argv = [], image } = {}) => {
      const used = image ?? testAppImage(color === 'blue' ? '1' : '2')
      const alias = ['--network', network, '--network-alias', upstreamHost(service, color, app)]
      const labels = serviceLabels(colorProject(app, color), service).flatMap((label) => ['--label', label])
      const name = `${app}-${color}-${service}`
      await must('docker', ['run', '-d', '--name', name, ...labels, ...alias, used, ...argv])
      return name
    },
    remove: async () => {
      await proxy.remove()
      const left = await must('docker', ['ps', '-aq', '--filter', `network=${network}`])
      const ids = left.split('\n').filter(Boolean)
      if (ids.length > 0) await must('docker', ['rm', '-f', ...ids])
      await must('docker', ['network', 'rm', network])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** All processes of the proxy, each as its id and its words. */
export function processesOf({ app, driver }: NginxLab): Promise<string[]> {
  return driver.processes(`${app}-proxy-nginx-1`)
}

/** The workers that serve: none is another as long as nginx was not reloaded. */
export async function workersOf(lab: NginxLab): Promise<string[]> {
  const processes = await processesOf(lab)
  return processes.filter((process) => process.endsWith('nginx: worker process'))
}
