import { LABEL } from '../../domain/labels.ts'
import { COMPOSE_LABEL, MAY_RUN, serviceLabels } from '../docker/container-facts.ts'
import type { Engine } from '../docker/engine.ts'
import { isOfAgent, runByAgent } from './agent.ts'
import type { ProxyDriver, ProxyFile } from './driver.ts'
import { PROXY_LABEL } from './proxy-ports.ts'

/**
 * The driver over the engine's API, for commands that act: a look costs 2 ms and an exec a third less than
 * through the docker command, which keeps what belongs to Compose and what happens once.
 */
export function createEngineDriver(engine: Engine, command: ProxyDriver): ProxyDriver {
  return {
    compose: command.compose,
    tryOut: command.tryOut,
    errorLines: async (container, options) =>
      (await command.errorLines(container, options)).filter((line) => !isOfAgent(line)),
    ensureNetwork: async (project, name) => {
      const labels = { [COMPOSE_LABEL.project]: project, [COMPOSE_LABEL.network]: 'default' }
      await engine.makeSmallNetwork({ name, labels, internal: false })
    },
    ensureImage: async (image) => {
      if ((await engine.image(image)) === undefined) await command.ensureImage(image)
    },
    find: (project) => engine.find([`${COMPOSE_LABEL.project}=${project}`]),
    mayRun: async (project, service) =>
      (await engine.containers(serviceLabels(project, service))).some(({ state }) => MAY_RUN.includes(state)),
    addresses: (project) => engine.addresses([`${COMPOSE_LABEL.project}=${project}`]),
    exec: async ({ id, labels }, argv, options) => {
      if (labels[PROXY_LABEL.agent] === 'true') return await runByAgent(engine, id, argv, options)
      const { exitCode, stderr, stdout } = await engine.exec(id, argv, options)
      return { exitCode, output: `${stdout}${stderr}`.trim() }
    },
    putFiles: async (container, directory, files) => {
      const relative = directory.replace(/^\/+/, '')
      await engine.putFiles(
        container,
        '/',
        files.map((file) => below(relative, file)),
      )
    },
    readFile: async (container, path) => {
      const files = await engine.getFiles(container, path)
      return files?.values().next().value
    },
    processes: (container) => engine.top(container),
    connect: async (container, networks) => {
      for (const network of networks) await engine.connect({ container, network, aliases: [] })
    },
    leave: engine.disconnect,
    makeInternal: async (name, { app }) => {
      const labels = { [LABEL.app]: app }
      await engine.makeSmallNetwork({ name, labels, internal: true })
      await engine.makeInternal(name, labels)
    },
    removeNetwork: engine.removeNetwork,
    kill: engine.kill,
    signal: engine.signal,
  }
}

function below(directory: string, file: ProxyFile) {
  const path = directory === '' ? file.path : `${directory}/${file.path}`
  if ('link' in file) return { path, link: file.link }
  return { path, text: file.content, ...(file.mode === undefined ? {} : { mode: file.mode }) }
}
