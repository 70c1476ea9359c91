import { join } from 'node:path'
import type { DockerOptions } from 'dockerode'
import { Expected } from '../../domain/failure.ts'
import { sha256 } from '../digest.ts'
import { readFile } from '../files.ts'
import { dockerConfig, readJson } from './docker-config.ts'

type Tls = { ca?: string; cert?: string; key?: string }

/**
 * Where the engine is, found as the docker command finds it: DOCKER_HOST, else DOCKER_CONTEXT, else the current
 * context of config.json, else the local socket. Source: https://docs.docker.com/engine/manage-resources/contexts/.
 * `engine-unreachable` where one of them names none: another engine than the one that was meant would hold other apps.
 */
export async function findEndpoint(env: NodeJS.ProcessEnv): Promise<DockerOptions> {
  const { folder: configDir, settings } = dockerConfig(env)
  if (env.DOCKER_HOST) {
    const tls = env.DOCKER_TLS_VERIFY ? await readTls(env.DOCKER_CERT_PATH ?? configDir) : {}
    return endpointOptions(env.DOCKER_HOST, tls)
  }
  const context = env.DOCKER_CONTEXT || settings?.currentContext
  if (typeof context !== 'string' || context === 'default') return endpointOptions(LOCAL, {})
  const folder = sha256(context)
  const meta = readJson(join(configDir, 'contexts', 'meta', folder, 'meta.json'))
  if (meta === undefined) throw nowhere(`Docker knows no context "${context}"`)
  const tls = await readTls(join(configDir, 'contexts', 'tls', folder, 'docker'))
  return endpointOptions(contextHost(meta) ?? LOCAL, tls)
}

const LOCAL = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock'

/**
 * What a local engine is called. It does not matter to the engine; of any name that is no IPv4 address Node asks whether it
 * is an IPv6 one, and to compile that pattern takes 5 ms.
 */
export const LOCAL_HOST = '127.0.0.1'

function endpointOptions(host: string, tls: Tls): DockerOptions {
  const local = /^(?:unix|npipe):\/\/(?<path>.+)$/.exec(host)?.groups?.path
  if (local) return { socketPath: local, headers: { Host: LOCAL_HOST } }
  const { hostname, port, protocol, username } = parseAddress(host)
  if (protocol === 'ssh:') return overSsh({ hostname, port, username })
  const secure = tls.ca !== undefined || protocol === 'https:'
  return {
    protocol: secure ? 'https' : 'http',
    host: hostname,
    port: port || (secure ? 2376 : 2375),
    ...tls,
  }
}

/**
 * Of a host docker-modem (5.0) makes addresses that Node takes for wrong ones (DEP0170), and warns of; the end of a tunnel
 * needs none. ssh2 is told where it leads to, by the name that docker-modem does not set itself.
 */
function overSsh({ hostname, port, username }: Pick<URL, 'hostname' | 'port' | 'username'>): DockerOptions {
  const agent = process.env.SSH_AUTH_SOCK
  const sshOptions = { hostname, ...(agent && { agent }) }
  return { protocol: 'ssh', host: undefined, socketPath: undefined, port: port || 22, username, sshOptions }
}

const PROTOCOLS = ['tcp:', 'http:', 'https:', 'ssh:']

/** As the docker command reads it: without a protocol it is TCP. */
function parseAddress(host: string): Pick<URL, 'hostname' | 'port' | 'protocol' | 'username'> {
  const address = host.includes('://') ? host : `tcp://${host}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || url.hostname === '' || !PROTOCOLS.includes(url.protocol))
    throw nowhere(
      `"${host}" is no address of an engine, such as unix:///var/run/docker.sock or tcp://host:2375`,
    )
  const { port, protocol, username } = url
  return { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, protocol, username }
}

function nowhere(reason: string): Expected {
  return new Expected({ code: 'engine-unreachable', reason })
}

function contextHost(meta: Record<string, unknown> | undefined): string | undefined {
  const endpoints = meta?.Endpoints as { docker?: { Host?: string } } | undefined
  return endpoints?.docker?.Host
}

async function readTls(folder: string): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(join(folder, name))),
  )
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

async function read(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}
