import type { Locator, Machine } from './app/ports/machine.ts'
import type { Platform } from './app/ports/platform.ts'
import type { Proxy } from './app/ports/proxy.ts'
import type { Http } from './app/ports/requests.ts'
import type { Ports } from './app/ports.ts'
import type { StatusEyes } from './app/status.ts'
import type { VerifyEyes } from './app/verify.ts'
import type { TextFile } from './config/compose-files.ts'
import type { Place, Settings } from './domain/settings.ts'
import type { Glance } from './infra/docker/glance.ts'
import type { Interruption } from './infra/process/interruption.ts'

/** Settings, and the file they were read from, if there is one. */
type Loaded = { settings: Settings; file: string | undefined }

/** Begins to look at the containers; the settings, which are read meanwhile, say which of them count. */
export async function beginLooking(interruption: Interruption): Promise<Glance> {
  const [{ beginGlance }, { PROXY_LABEL }] = await Promise.all([
    import('./infra/docker/glance.ts'),
    import('./infra/nginx/proxy-ports.ts'),
  ])
  return beginGlance({
    env: process.env,
    signal: () => interruption.signal,
    labels: Object.values(PROXY_LABEL),
  })
}

/** The adapters of commands that look: the docker program and plain files, nothing that takes long to load. */
export async function createEyes(settings: Settings, looking: Promise<Glance>): Promise<StatusEyes> {
  const [{ createProxy }, { createDockerDriver }, { run }, { createStore }, { createLock }, glance] =
    await Promise.all([
      import('./infra/nginx/proxy.ts'),
      import('./infra/nginx/docker-driver.ts'),
      import('./infra/process/run.ts'),
      import('./infra/store/store.ts'),
      import('./infra/store/lock.ts'),
      looking,
    ])
  const command = createDockerDriver((argv, { timeoutMs }) => run(argv, { timeoutMs }))
  return {
    platform: glance,
    proxy: createProxy(proxyOf(settings, { ...command, find: glance.find })),
    store: createStore(settings.deploymentDir),
    lock: createLock({ dir: settings.deploymentDir, user: '' }),
  }
}

/** All adapters, for commands that act. */
export async function createPorts(loaded: Loaded, interruption: Interruption): Promise<Ports> {
  const { settings } = loaded
  const [infra, machine] = await Promise.all([loadActing(), createMachineOf(interruption)])
  const options = { env: process.env, signal: () => interruption.signal }
  const engine = infra.createEngine(options)
  const { app, composeFiles, projectDir } = settings
  const compose = infra.createCompose({ app, composeFiles, projectDir, ...options })
  const platform: Platform = infra.createPlatform({ app, compose, engine, look: infra.createLook(options) })
  const command = infra.createDockerDriver((argv, { timeoutMs }) => infra.run(argv, { timeoutMs }))
  const proxy: Proxy = infra.createProxy(proxyOf(settings, infra.createEngineDriver(engine, command)))
  const http: Http = infra.createHttp({ signal: () => interruption.signal })
  return {
    platform,
    proxy,
    http,
    traffic: infra.createTraffic(),
    machine,
    store: infra.createStore(settings.deploymentDir),
    lock: infra.createLock({ dir: settings.deploymentDir, user: machine.user() }),
    locator: locatorOf(loaded, machine),
  }
}

/** The adapters of `verify`: those that look at the proxy, and requests. */
export async function createVerifyEyes(settings: Settings, interruption: Interruption): Promise<VerifyEyes> {
  const [machine, { createProxy }, { createDockerDriver }, { run }, { createTraffic }] = await Promise.all([
    createMachineOf(interruption),
    import('./infra/nginx/proxy.ts'),
    import('./infra/nginx/docker-driver.ts'),
    import('./infra/process/run.ts'),
    import('./infra/http/stream.ts'),
  ])
  const command = createDockerDriver((argv, { timeoutMs }) => run(argv, { timeoutMs }))
  return { machine, proxy: createProxy(proxyOf(settings, command)), traffic: createTraffic() }
}

export async function createMachineOf(interruption: Interruption): Promise<Machine> {
  const { createMachine } = await import('./infra/machine/machine.ts')
  return createMachine(interruption)
}

async function loadActing() {
  const parts = await Promise.all([
    import('./infra/compose/compose-cli.ts'),
    import('./infra/compose/platform.ts'),
    import('./infra/docker/engine.ts'),
    import('./infra/docker/look.ts'),
    import('./infra/http/http.ts'),
    import('./infra/http/stream.ts'),
    import('./infra/nginx/docker-driver.ts'),
    import('./infra/nginx/engine-driver.ts'),
    import('./infra/nginx/proxy.ts'),
    import('./infra/process/run.ts'),
    import('./infra/store/lock.ts'),
    import('./infra/store/store.ts'),
  ])
  const [compose, platform, engine, look, http, stream, command, driver, proxy, run, lock, store] = parts
  return {
    ...compose,
    ...platform,
    ...engine,
    ...look,
    ...http,
    ...stream,
    ...command,
    ...driver,
    ...proxy,
    ...run,
    ...lock,
    ...store,
  }
}

function proxyOf<Driver>(settings: Settings, driver: Driver) {
  return {
    driver,
    app: settings.app,
    image: settings.proxy.image,
    deploymentDir: settings.deploymentDir,
    templatesDir: settings.templatesDir,
    files: settings.deliveryFiles,
    managementPort: settings.proxy.managementPort,
    previewPort: settings.proxy.previewPort,
  }
}

/** Positions of keys in the user's own files; the parser loads only when something is refused. */
function locatorOf({ file, settings }: Loaded, { readText }: Machine): Locator {
  return {
    inCompose: async (path) => {
      const { readComposeFiles } = await import('./config/compose-files.ts')
      return locateIn(await readComposeFiles({ ...settings, readText }), path)
    },
    inSettings: async (path) => {
      const text = file === undefined ? undefined : await readText(file)
      return file === undefined || text === undefined ? undefined : locateIn([{ path: file, text }], path)
    },
  }
}

async function locateIn(files: TextFile[], path: readonly (string | number)[]): Promise<Place | undefined> {
  const { locateInCompose } = await import('./config/compose-locator.ts')
  return locateInCompose({ files, path })
}
