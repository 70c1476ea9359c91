// got hides its sockets. Here it matters which request goes out on a kept connection and which on a new one, and
// that none is ever sent twice: node:http says so exactly.
import { Agent, type ClientRequest, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Traffic, TrafficPace, TrafficStream } from '../../app/ports/requests.ts'
import type { TrafficSample } from '../../domain/traffic.ts'
import type { TrafficTarget } from '../../domain/traffic-target.ts'
import { HERE } from './here.ts'

/** Streams of GET requests to this machine, without a retry: what fails here would have failed for a user. */
export function createTraffic(): Traffic {
  return { start: startStream }
}

type Stream = {
  target: TrafficTarget
  answerWithinMs: number
  nowMs: () => number
  samples: TrafficSample[]
  /** Requests without an answer yet, and what ends the wait for each. */
  open: Map<ClientRequest, () => void>
}

function startStream(target: TrafficTarget, pace: TrafficPace): TrafficStream {
  const began = performance.now()
  const nowMs = () => performance.now() - began
  const stream: Stream = { target, answerWithinMs: pace.answerWithinMs, nowMs, samples: [], open: new Map() }
  const sending = new AbortController()
  const kept = new Agent({ keepAlive: true, maxSockets: pace.keepAlive })
  const lanes = pace.keepAlive + pace.short
  const everyMs = (lanes * 1_000) / pace.perSecond
  const sent = Array.from({ length: lanes }, (_, lane) =>
    keepSending(stream, {
      agent: lane < pace.keepAlive ? kept : false,
      firstMs: (lane * everyMs) / lanes,
      everyMs,
      signal: sending.signal,
    }),
  )
  let durationMs = 0
  const end = () => {
    if (!sending.signal.aborted) durationMs = nowMs()
    sending.abort()
  }
  const atMost = setTimeout(end, pace.maxMs)
  let ended: ReturnType<TrafficStream['stop']> | undefined
  const stop: TrafficStream['stop'] = async ({ afterMs, graceMs }) => {
    await pause(afterMs, undefined, { signal: sending.signal }).catch(() => undefined)
    clearTimeout(atMost)
    end()
    const giveUp = setTimeout(() => {
      for (const leave of [...stream.open.values()]) leave()
    }, graceMs)
    await Promise.all(sent)
    clearTimeout(giveUp)
    kept.destroy()
    return { samples: stream.samples, durationMs }
  }
  return {
    stop: (when) => {
      ended ??= stop(when)
      return ended
    },
  }
}

type Lane = { agent: Agent | false; firstMs: number; everyMs: number; signal: AbortSignal }

/** One request after the other at a steady pace; one that was slow is not made up for by a burst. */
async function keepSending(stream: Stream, { agent, everyMs, firstMs, signal }: Lane): Promise<void> {
  let dueMs = firstMs
  for (;;) {
    await pause(Math.max(0, dueMs - stream.nowMs()), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    dueMs = Math.max(dueMs, stream.nowMs()) + everyMs
    await send(stream, agent)
  }
}

function send(stream: Stream, agent: Agent | false): Promise<void> {
  const { answerWithinMs, nowMs, target } = stream
  const startedMs = nowMs()
  return new Promise((resolve) => {
    const { headers, path, port } = target
    const sent = request({ ...HERE, port, path, method: 'GET', agent, headers })
    const done = (result: TrafficSample['result']) => {
      clearTimeout(deadline)
      if (!stream.open.delete(sent)) return
      stream.samples.push({ startedMs, endedMs: nowMs(), result })
      resolve()
    }
    const fail = (error: NodeJS.ErrnoException) => done({ failed: error.code ?? error.message })
    const leave = (result: TrafficSample['result']) => {
      done(result)
      sent.destroy()
    }
    const deadline = setTimeout(() => leave({ failed: `no answer in ${answerWithinMs} ms` }), answerWithinMs)
    stream.open.set(sent, () => leave('open'))
    sent.on('error', fail)
    sent.on('response', (answer) => {
      answer.on('error', (error: NodeJS.ErrnoException) =>
        done({ failed: `answer broken off: ${error.code ?? error.message}` }),
      )
      answer.on('end', () => done(judgeStatus(answer.statusCode ?? 0, target)))
      answer.resume()
    })
    sent.end()
  })
}

function judgeStatus(status: number, { statuses }: TrafficTarget): TrafficSample['result'] {
  return statuses.some(([from, to]) => status >= from && status <= to) ? 'ok' : { failed: `status ${status}` }
}
