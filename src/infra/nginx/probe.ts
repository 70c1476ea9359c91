import type { ProbeAnswer } from '../../app/ports/requests.ts'
import type { Color } from '../../domain/color.ts'
import type { HttpCheck } from '../../domain/settings.ts'
import { nameInDns } from '../../domain/site.ts'
import { askManagement } from './management.ts'

const DEFAULT_TIMEOUT_MS = 5_000

/** A service's port in a color, and the check it must pass; without a check, a connection is enough. */
export type ProbeTarget = {
  color: Color
  service: string
  port: number
  check: HttpCheck | undefined
  protocol?: 'grpc'
}

/** Asks a service through the proxy, on a connection of its own, once. */
export async function probe(managementPort: number, target: ProbeTarget): Promise<ProbeAnswer> {
  const { check } = target
  const startedAt = performance.now()
  try {
    const answer = await (check === undefined
      ? askConnection(managementPort, target)
      : askHttp(managementPort, target, check))
    return judge({ ...answer, ms: Math.round(performance.now() - startedAt) }, check)
  } catch (error) {
    return { kind: 'unreachable', why: (error as Error).message }
  }
}

/** What speaks no HTTP never answers; nginx waits for it only so long where a connection is all that is asked. */
async function askConnection(managementPort: number, { color, service, port, protocol }: ProbeTarget) {
  const way = protocol === 'grpc' ? 'call' : 'connect'
  return await askManagement(
    managementPort,
    `/${way}/${color}/${nameInDns(service)}/${port}/`,
    DEFAULT_TIMEOUT_MS,
  )
}

/** Node's own client: to load a better one takes longer than all that is asked at a switch. */
async function askHttp(managementPort: number, { color, service, port }: ProbeTarget, check: HttpCheck) {
  const asked = `/probe/${color}/${nameInDns(service)}/${port}${pathOf(check)}`
  const { pathname, search } = new URL(`http://127.0.0.1${asked}`)
  // Frameworks that check the host name know localhost.
  const headers = { host: 'localhost', 'user-agent': 'verdigris', ...check.headers }
  return await askManagement(managementPort, pathname + search, timeoutOf(check), headers)
}

function timeoutOf(check: HttpCheck | undefined): number {
  return check?.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS
}

type Answer = {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  ms: number
}

function judge(answer: Answer, check: HttpCheck | undefined): ProbeAnswer {
  const { status, ms } = answer
  const connect = answer.headers['x-verdigris-connect']
  if (connect === undefined) return { kind: 'unreachable', why: 'no container bears this name' }
  if (!isTime(connect)) return { kind: 'refused', why: 'nobody listens on this port' }
  if (!check) return { kind: 'answered', status, ok: true, why: undefined, ms }
  if (!isTime(answer.headers['x-verdigris-answer'])) return { kind: 'refused', why: 'the connection broke' }
  const why = whyNot(answer, check)
  return { kind: 'answered', status, ok: why === undefined, why, ms }
}

function whyNot({ status, body }: Answer, check: HttpCheck): string | undefined {
  if (check.statuses && !check.statuses.some(([from, to]) => status >= from && status <= to)) {
    return `answered ${status}`
  }
  if (check.body !== undefined && !new RegExp(check.body).test(body)) {
    return `answered ${status}, but the body does not match ${check.body}`
  }
  return undefined
}

// nginx writes a time for what happened, "-" for what did not.
function isTime(header: string | string[] | undefined): boolean {
  return typeof header === 'string' && /\d$/.test(header)
}

function pathOf({ path }: HttpCheck): string {
  return path.startsWith('/') ? path : `/${path}`
}
