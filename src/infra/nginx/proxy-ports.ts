import { createServer } from 'node:net'
import type { ProxyPorts } from '../../app/ports/proxy.ts'
import { failureOf } from '../../domain/failure.ts'

/** Labels of the proxy's container that let everything about it be found again without files. */
export const PROXY_LABEL = {
  management: 'verdigris.proxy.management',
  /** `listen:preview`, comma-separated. */
  previews: 'verdigris.proxy.previews',
  image: 'verdigris.proxy.image',
  version: 'verdigris.proxy.version',
  /** `true`: beside nginx an agent runs what is written to the container's input. */
  agent: 'verdigris.proxy.agent',
  /** `true`: the listen ports are somebody else's yet, and not published. */
  waiting: 'verdigris.proxy.waiting',
} as const

const FIRST_PORT = 17_080
const APP_STEP = 8
const APP_PLACES = 350

/**
 * Where the search for an app's free ports begins: 17080 to 19872. Ports are bound long after they were found
 * free, so two apps that are deployed at the same time would find the same ones if both began at one place.
 */
export function firstPort(app: string): number {
  const sum = [...app].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7)
  return FIRST_PORT + APP_STEP * (sum % APP_PLACES)
}

/** The ports as labels of the container. */
export function portLabels(ports: ProxyPorts): Record<string, string> {
  const previews = Object.entries(ports.previews).map(([listen, preview]) => `${listen}:${preview}`)
  return { [PROXY_LABEL.management]: String(ports.management), [PROXY_LABEL.previews]: previews.join(',') }
}

/** The ports that a container's labels tell; undefined: it has none. */
export function parsePortLabels(labels: Readonly<Record<string, string>>): ProxyPorts | undefined {
  const management = Number(labels[PROXY_LABEL.management])
  if (!management) return undefined
  const pairs = (labels[PROXY_LABEL.previews] ?? '').split(',').filter(Boolean)
  return { management, previews: Object.fromEntries(pairs.map((pair) => pair.split(':').map(Number))) }
}

/** Whether a container with these labels waits for its listen ports. */
export function isWaiting(labels: Readonly<Record<string, string>>): boolean {
  return labels[PROXY_LABEL.waiting] === 'true'
}

/** What a user has set. */
export type SetPorts = { management: number | undefined; preview: number | undefined }

/** How a proxy comes by the ports that are not its users'. */
export type PortChoice = {
  /** What is known stays; the rest is what is set, else the first free ports on loopback. */
  choose(listen: readonly number[], known: ProxyPorts | undefined): Promise<ProxyPorts>
  /** Whether a start failed of a port that nobody asked for: it is not chosen again, known or not. */
  passOver(error: unknown): boolean
}

export function createPortChoice(app: string, set: SetPorts): PortChoice {
  const passedOver = new Set<number>()
  // What was chosen stays chosen until it is on the container's labels.
  let chosen: ProxyPorts | undefined
  return {
    choose: async (listen, told) => {
      const before = told ?? chosen
      const known = without(passedOver, before)
      const all = [...new Set([...listen, ...Object.keys(before?.previews ?? {}).map(Number)])]
      chosen = await choosePorts({ from: firstPort(app), listen: all, known, set, passedOver })
      return chosen
    },
    passOver: (error) => {
      const failure = failureOf(error)
      if (failure?.code !== 'port-taken' || failure.setting === undefined) return false
      if (failure.port === set[failure.setting]) return false
      passedOver.add(failure.port)
      return true
    },
  }
}

type KnownPorts = { management: number | undefined; previews: Record<number, number> }

function without(passedOver: ReadonlySet<number>, known: ProxyPorts | undefined): KnownPorts {
  const { management, previews = {} } = known ?? {}
  const kept = Object.entries(previews).filter(([, preview]) => !passedOver.has(preview))
  return {
    management: management !== undefined && passedOver.has(management) ? undefined : management,
    previews: Object.fromEntries(kept),
  }
}

async function choosePorts(options: {
  from: number
  listen: readonly number[]
  known: KnownPorts
  set: SetPorts
  passedOver: ReadonlySet<number>
}): Promise<ProxyPorts> {
  const { from, known, listen, passedOver, set } = options
  const fixed = [set.management, set.preview, known.management, ...Object.values(known.previews)]
  const taken = new Set([...listen, ...passedOver, ...fixed.filter((port) => port !== undefined)])
  const next = async () => {
    for (let port = from; ; port++) {
      if (taken.has(port) || !(await isFree(port))) continue
      taken.add(port)
      return port
    }
  }
  const management = known.management ?? set.management ?? (await next())
  const previews: Record<number, number> = {}
  for (const port of listen.toSorted((a, b) => a - b)) {
    const isFirst = Object.keys(previews).length === 0
    previews[port] = known.previews[port] ?? (isFirst ? set.preview : undefined) ?? (await next())
  }
  return { management, previews }
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
