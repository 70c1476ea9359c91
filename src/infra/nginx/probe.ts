import { Agent } from 'node:http'
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
    const timedOut = (error as NodeJS.ErrnoException).code === 'ETIMEDOUT'
    const why = timedOut ? `no answer in ${timeoutOf(check)} ms` : (error as Error).message
    return { kind: 'unreachable', why }
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

async function askHttp(managementPort: number, { color, service, port }: ProbeTarget, check: HttpCheck) {
  const { got } = await import('got')
  const { statusCode, headers, body } = await got(
    `http://127.0.0.1:${managementPort}/probe/${color}/${nameInDns(service)}/${port}${pathOf(check)}`,
    {
      // Frameworks that check the host name know localhost.
      headers: { host: 'localhost', ...check.headers },
      agent: { http: new Agent({ keepAlive: false }) },
      timeout: { request: timeoutOf(check) },
      // got asks three times by default, and follows a redirect to wherever it leads.
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
    },
  )
  return { status: statusCode, headers, body }
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
