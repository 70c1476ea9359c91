import { Agent, type IncomingMessage, request } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './until.ts'

export interface TrafficOptions {
  port: number
  /** 127.0.0.1 unless told: a host that the test made, or how one finds this machine. */
  host?: string
  /** Requests in flight at a time, at most 200. */
  connections: number
  /** `keep-alive` sends many requests over each connection, `short` one. */
  mode: 'keep-alive' | 'short'
  /** After this long the traffic ends by itself. */
  maxMs: number
  /** The pause between two requests of a connection; 10 ms, 25 ms in short mode. */
  paceMs?: number
  /** How far a pause may be from `paceMs`, as a share of it: connections that pause alike come to ask all at once. */
  jitter?: number
  /** The share of requests that are POST, from 0 to 1. */
  postShare?: number
  path?: string
  headers?: Record<string, string>
  /** Over TLS, whoever signed the certificate. */
  tls?: boolean
  /** A request without a whole answer after this long has failed; 15 s. */
  answerWithinMs?: number
}

/** Times are milliseconds since the traffic started. */
export interface Answer {
  startedMs: number
  atMs: number
  /** The X-Version header of the answer. */
  release: string
}

interface Failure {
  startedMs: number
  atMs: number
  method: string
  reason: string
  /** Whether an earlier request had already used the connection. */
  reused: boolean
}

export interface TrafficReport {
  /** When the traffic started, in milliseconds since the epoch. */
  startedAtMs: number
  durationMs: number
  sent: number
  ok: number
  failed: number
  /** The first 1,000 failures. */
  failures: Failure[]
  /** Every answer that counts as ok, in the order in which they ended. */
  answers: Answer[]
  /** The longest time that passed without an answer, the start and the end of the traffic included. */
  longestGapMs: number
}

export interface Traffic {
  /** How many requests have been answered and failed so far. */
  count: () => { ok: number; failed: number }
  /** Milliseconds since the start, for comparison with the times of the report. */
  nowMs: () => number
  /** Lets requests in flight end and reports; may be called again. */
  stop: () => Promise<TrafficReport>
}

const FAILURES_KEPT = 1_000
const BODY = 'x'.repeat(512)

/** Sends requests until stopped, without a single retry: what fails here would fail for a user. */
export function startTraffic(options: TrafficOptions): Traffic {
  const { connections, mode, maxMs } = options
  if (connections > 200) throw new Error(`At most 200 connections, not ${connections}.`)
  const agentOptions = { keepAlive: mode === 'keep-alive', maxSockets: connections }
  const agent = options.tls
    ? new TlsAgent({ ...agentOptions, rejectUnauthorized: false })
    : new Agent(agentOptions)
  const origin = performance.now()
  const nowMs = () => performance.now() - origin
  const report = {
    startedAtMs: Date.now(),
    sent: 0,
    ok: 0,
    failed: 0,
    failures: [] as Failure[],
    answers: [] as Answer[],
  }
  let stopped = false

  const connection = async () => {
    while (!stopped && nowMs() < maxMs) {
      const method = isPost(report.sent++, options.postShare ?? 0) ? 'POST' : 'GET'
      const startedMs = nowMs()
      const outcome = await send(options, agent, method)
      const times = { startedMs, atMs: nowMs() }
      if (outcome.kind === 'answer') {
        report.ok++
        report.answers.push({ ...times, release: outcome.release })
      } else {
        report.failed++
        const { reason, reused } = outcome
        if (report.failures.length < FAILURES_KEPT) report.failures.push({ ...times, method, reason, reused })
      }
      await sleep(pauseMs(options))
    }
  }
  const ended = Promise.all(Array.from({ length: connections }, connection)).then(() => {
    agent.destroy()
    const durationMs = nowMs()
    return { ...report, durationMs, longestGapMs: longestGap(report.answers, durationMs) }
  })
  return {
    count: () => ({ ok: report.ok, failed: report.failed }),
    nowMs,
    stop: () => {
      stopped = true
      return ended
    },
  }
}

/** Waits for so many more answers: what a test does meanwhile may be over before a single one, or take a while. */
export async function untilAnswered(traffic: Traffic, more: number): Promise<void> {
  const wanted = traffic.count().ok + more
  await until(() => traffic.count().ok >= wanted, { timeoutMs: 20_000, everyMs: 20 })
}

/** When users moved from one release to another, by the requests that started in a stretch of time. */
export interface Move {
  lastOldMs: number
  firstNewMs: number
  /** From the last request that the old release answered to the first of the new; negative where both answered. */
  gapMs: number
}

/** Finds the move between two releases among the requests that started between `fromMs` and `toMs`. */
export function findMove(
  answers: readonly Answer[],
  { from, to, fromMs, toMs }: { from: string; to: string; fromMs: number; toMs: number },
): Move | undefined {
  const inTime = answers.filter(({ startedMs }) => startedMs >= fromMs && startedMs <= toMs)
  const lastOldMs = inTime.findLast(({ release }) => release === from)?.atMs
  const firstNewMs = inTime.find(({ release }) => release === to)?.atMs
  if (lastOldMs === undefined || firstNewMs === undefined) return undefined
  return { lastOldMs, firstNewMs, gapMs: firstNewMs - lastOldMs }
}

type Outcome = { kind: 'answer'; release: string } | { kind: 'failure'; reason: string; reused: boolean }

function send(options: TrafficOptions, agent: Agent, method: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const { host = '127.0.0.1', port, path = '/', answerWithinMs = 15_000 } = options
    const body = method === 'POST' ? BODY : ''
    const headers = { ...options.headers, ...(body && { 'Content-Length': body.length }) }
    const sent = (options.tls ? requestTls : request)({
      host,
      port,
      path,
      method,
      agent,
      headers,
    })
    const deadline = setTimeout(
      () => sent.destroy(new Error(`no answer within ${answerWithinMs} ms`)),
      answerWithinMs,
    )
    const fail = (reason: string) => {
      clearTimeout(deadline)
      resolve({ kind: 'failure', reason, reused: sent.reusedSocket })
    }
    sent.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
    sent.on('response', (answer: IncomingMessage) => {
      answer.on('error', (error: NodeJS.ErrnoException) =>
        fail(`answer broken off: ${error.code ?? error.message}`),
      )
      answer.on('end', () => {
        const status = answer.statusCode ?? 0
        if (status < 200 || status > 299) return fail(`status ${status}`)
        clearTimeout(deadline)
        resolve({ kind: 'answer', release: String(answer.headers['x-version'] ?? '') })
      })
      answer.resume()
    })
    sent.end(body)
  })
}

function pauseMs({ jitter = 0, mode, paceMs = mode === 'short' ? 25 : 10 }: TrafficOptions): number {
  return paceMs * (1 + jitter * (2 * Math.random() - 1))
}

// Spreads the POSTs evenly: of any ten requests, half of them with a share of 0.5.
function isPost(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share)
}

function longestGap(answers: readonly Answer[], durationMs: number): number {
  let longest = 0
  let before = 0
  for (const { atMs } of [...answers, { atMs: durationMs }]) {
    longest = Math.max(longest, atMs - before)
    before = atMs
  }
  return longest
}
