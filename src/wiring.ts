import type { Emit } from './app/events.ts'
import type { Planning } from './app/plan.ts'
import type { Locator, Machine } from './app/ports/machine.ts'
import type { Ports } from './app/ports.ts'
import type { VerifyEyes } from './app/verify.ts'
import { readComposeFiles } from './config/compose-files.ts'
import { createComposeLocator } from './config/compose-locator.ts'
import { neededFeatures } from './domain/nginx-features.ts'
import type { Settings } from './domain/settings.ts'
import { createAttachments } from './infra/compose/attachments.ts'
import { createCompose } from './infra/compose/compose-cli.ts'
import { createPlatform, once } from './infra/compose/platform.ts'
import { createEngine } from './infra/docker/engine.ts'
import { beginGlance, type Glance } from './infra/docker/glance.ts'
import { beginImageList } from './infra/docker/image-list.ts'
import { createHttp } from './infra/http/http.ts'
import { createTraffic } from './infra/http/stream.ts'
import { loadAhead } from './infra/load-ahead.ts'
import { createMachine } from './infra/machine/machine.ts'
import { createDockerDriver } from './infra/nginx/docker-driver.ts'
import { createEngineDriver } from './infra/nginx/engine-driver.ts'
import { createProxy } from './infra/nginx/proxy.ts'
import { PROXY_LABEL } from './infra/nginx/proxy-ports.ts'
import { createCommands } from './infra/process/commands.ts'
import type { Interruption } from './infra/process/interruption.ts'
import { run } from './infra/process/run.ts'
import { createLock } from './infra/store/lock.ts'
import { createStore } from './infra/store/store.ts'

/** Settings, and the file they were read from, if there is one. */
type Loaded = { settings: Settings; file: string | undefined }

/** Begins to look at the containers; the settings, which are read meanwhile, say which of them count. */
export function beginLooking(interruption: Interruption): Glance {
  return beginGlance({
    env: process.env,
    signal: () => interruption.signal,
    labels: Object.values(PROXY_LABEL),
  })
}

/** The adapters of commands that look: a socket, the docker program, plain files; nothing that takes long to load. */
export function createEyes(settings: Settings, glance: Glance) {
  const command = dockerCommand()
  const driver = { ...command, find: glance.find }
  return {
    platform: glance,
    proxy: createProxy(proxyOf(settings, driver)),
    store: createStore(settings.deploymentDir),
    lock: createLock({ dir: settings.deploymentDir, user: '' }),
  }
}

/**
 * The adapters of `plan`, which only looks: Compose, and what `status` has. Compose takes longer to resolve the files than
 * all else takes together: it begins first, then the lists of the engine.
 */
export function beginPlanning(loaded: Loaded, interruption: Interruption): Planning {
  const { settings } = loaded
  const machine = createMachine(interruption)
  const { app, composeFiles, projectDir } = settings
  const options = { env: process.env, signal: () => interruption.signal }
  const { definitions, model } = createCompose({ app, composeFiles, projectDir, ...options })
  const resolving = model()
  resolving.catch(() => undefined)
  const { platform, proxy, store } = createEyes(settings, beginLooking(interruption))
  const findImage = beginImageList(options, (reference) => createEngine(options).image(reference))
  loadAhead()
  return {
    settings,
    ports: {
      platform: {
        ...platform,
        // Only of an app that plain Compose runs.
        attachments: (containers) => createAttachments(createEngine(options)).attachments(containers),
        definitions: once(definitions),
        image: findImage,
        model: () => resolving,
      },
      proxy,
      store,
      machine,
      locator: locatorOf(loaded, machine),
    },
  }
}

/** All adapters, for commands that act. */
export function createPorts(loaded: Loaded, interruption: Interruption, emit: Emit): Ports {
  const { settings } = loaded
  const machine = createMachine(interruption)
  const options = { env: process.env, signal: () => interruption.signal }
  const engine = createEngine(options)
  const { app, composeFiles, projectDir } = settings
  const compose = createCompose({ app, composeFiles, projectDir, ...options })
  return {
    platform: createPlatform({
      app,
      compose,
      engine,
      signal: options.signal,
      tellStopping: (stopping) => emit({ type: 'note', note: { note: 'waiting-for-stop', ...stopping } }),
    }),
    proxy: createProxy(proxyOf(settings, createEngineDriver(engine, dockerCommand()))),
    http: createHttp(options),
    traffic: createTraffic(),
    machine,
    commands: createCommands(options),
    store: createStore(settings.deploymentDir),
    lock: createLock({ dir: settings.deploymentDir, user: machine.user() }),
    locator: locatorOf(loaded, machine),
  }
}

/** The adapters of `verify`: those that look at the proxy, and requests. */
export function createVerifyEyes(settings: Settings, interruption: Interruption): VerifyEyes {
  return {
    machine: createMachine(interruption),
    proxy: createProxy(proxyOf(settings, dockerCommand())),
    traffic: createTraffic(),
  }
}

function dockerCommand() {
  return createDockerDriver(run)
}

function proxyOf<Driver>(settings: Settings, driver: Driver) {
  return {
    driver,
    app: settings.app,
    image: settings.proxy.image,
    needed: neededFeatures(settings),
    deploymentDir: settings.deploymentDir,
    templatesDir: settings.templatesDir,
    files: settings.deliveryFiles,
    managementPort: settings.proxy.managementPort,
    previewPort: settings.proxy.previewPort,
    maintenancePage: settings.proxy.maintenancePage,
  }
}

/** Positions of keys in the user's own files; they are read, and the parser loads, only when something is refused. */
function locatorOf({ file, settings }: Loaded, { readText }: Pick<Machine, 'readText'>): Locator {
  const compose = createComposeLocator({ files: () => readComposeFiles({ ...settings, readText }), readText })
  return {
    inCompose: compose.place,
    ofFault: compose.placeOfFault,
    inSettings: async (path) => {
      const text = file === undefined ? undefined : await readText(file)
      if (file === undefined || text === undefined) return undefined
      const files = async () => [{ path: file, text }]
      return await createComposeLocator({ files, readText }).place(path)
    },
  }
}
