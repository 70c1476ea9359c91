import { Expected, type Failure, failureOf } from '../../domain/failure.ts'

const LAST_LINES = 60

/** The end of an output, where the reason stands. */
export function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-LAST_LINES).join('\n')
}

/** What Compose's words on standard error mean; `otherwise` when they say nothing that is known. */
export function composeFailure(output: string, otherwise: Failure): Expected {
  return new Expected(recogniseFailure(output) ?? otherwise)
}

/** A failure that Compose's or the engine's words name, whatever was asked of them. */
export function recogniseFailure(output: string): Failure | undefined {
  if (WITHOUT_COMPOSE.test(output)) return { code: 'compose-missing' }
  if (WITHOUT_ENGINE.test(output)) return { code: 'engine-unreachable', reason: lastLines(output) }
  if (WITHOUT_NETWORKS.test(output)) return { code: 'networks-exhausted', free: 0, needed: undefined }
  const port = takenPort(output)
  if (port !== undefined)
    return { code: 'port-taken', port, holder: undefined, container: undefined, own: false }
  const image = missingImage(output)
  if (image === undefined) return undefined
  const service = FAILED_SERVICE.exec(output)?.groups?.service
  return { code: 'image-missing', service, image: image || (service ?? ''), output: lastLines(output) }
}

/** Throws what the engine's own words name, where they name something. */
export function rethrowKnown(error: unknown): never {
  const failure = failureOf(error)
  const known = failure?.code === 'command-failed' ? recogniseFailure(failure.output) : undefined
  throw known === undefined ? error : new Expected(known, error)
}

// Without the plugin the docker command takes `compose` for nothing it knows, or stumbles over its flags first.
const WITHOUT_COMPOSE =
  /'compose' is not a docker command|unknown command: docker compose|unknown shorthand flag: 'p' in -p|unknown flag: --short/

const WITHOUT_ENGINE =
  /Cannot connect to the Docker daemon|permission denied while trying to connect|error during connect|failed to connect to the docker API|docker daemon is not running/i

const WITHOUT_NETWORKS =
  /could not find an available, non-overlapping IPv4 address pool|all predefined address pools have been fully subnetted/

const TAKEN_PORT = [
  // Bind for 0.0.0.0:8080 failed: port is already allocated
  /Bind for \S*:(?<port>\d+) failed: port is already allocated/,
  // listen tcp4 0.0.0.0:8080: bind: REASON; failed to bind host port for [::1]:8080:[fd00::2]:80/tcp: REASON (Docker 28)
  /:(?<port>\d+)\b(?![^\s[]*\])[^\n]*(?:address already in use|Only one usage of each socket address)/,
  // Ports are not available: exposing port TCP 0.0.0.0:8080 -> ADDRESS
  /Ports are not available: [^\n]*?:(?<port>\d+) ->/,
]

function takenPort(output: string): number | undefined {
  const port = firstGroup(output, TAKEN_PORT, 'port')
  return port === undefined ? undefined : Number(port)
}

const MISSING_IMAGE = [
  /pull access denied for (?<image>[^\s,]+)/,
  /manifest for (?<image>\S+) not found/,
  /No such image: (?<image>\S+)/,
  /failed to resolve reference "(?<image>[^"]+)"/,
  /(?<image>\S+): not found: manifest unknown/,
  // The registry itself is out of reach; the words do not name the image.
  /(?<image>)(?:manifest unknown|no matching manifest for|Get "https?:\/\/[^"]+\/v2\/[^"]*":)/,
]

// Compose's progress in plain lines: " web Error Get …".
const FAILED_SERVICE = /^\s*(?<service>\S+) Error /m

function missingImage(output: string): string | undefined {
  return firstGroup(output, MISSING_IMAGE, 'image')
}

function firstGroup(output: string, patterns: readonly RegExp[], group: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(output)?.groups?.[group]
    if (found !== undefined) return found
  }
  return undefined
}
