import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A connection that stays open until somebody ends it. */
export interface LongConnection {
  /** What came last, and when. */
  last: () => { text: string; atMs: number }
  /** When it ended; undefined: it is open. */
  endedAtMs: () => number | undefined
  close: () => void
}

/** An answer, whole: its status, the release that gave it and the length of what came. */
export interface WholeAnswer {
  status: number
  release: string
  length: number
  text: string
}

/** A WebSocket that sends a number every 100 ms and is answered `release:number`. */
export function openWebSocket(port: number): LongConnection {
  const seen = { text: '', atMs: performance.now() }
  let endedAtMs: number | undefined
  let number = 0
  let timer: NodeJS.Timeout | undefined
  const socket = connect(port, '127.0.0.1', () => {
    const key = randomBytes(16).toString('base64')
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: app\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    )
  })
  socket.on('data', (part) => {
    timer ??= setInterval(() => socket.write(textFrame(String(number++))), 100)
    // A frame of the server: two bytes, then the text.
    if (part[0] === 0x81) Object.assign(seen, { text: part.subarray(2).toString(), atMs: performance.now() })
  })
  const end = () => {
    clearInterval(timer)
    endedAtMs ??= performance.now()
  }
  socket.on('error', end).on('close', end)
  return { last: () => ({ ...seen }), endedAtMs: () => endedAtMs, close: () => socket.destroy() }
}

function textFrame(text: string): Buffer {
  const mask = randomBytes(4)
  const masked = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, masked])
}

/** A stream of server-sent events. */
export function openEvents(port: number): LongConnection {
  const seen = { text: '', atMs: performance.now() }
  let endedAtMs: number | undefined
  const end = () => {
    endedAtMs ??= performance.now()
  }
  const asked = request({ host: '127.0.0.1', port, path: '/events', agent: false }, (answer) => {
    answer.setEncoding('utf8').on('data', (text: string) => {
      Object.assign(seen, { text: text.trim(), atMs: performance.now() })
    })
    answer.on('error', end).on('close', end)
  })
  asked.on('error', end).end()
  return { last: () => ({ ...seen }), endedAtMs: () => endedAtMs, close: () => asked.destroy() }
}

/** A body that is sent in pieces of 1,000 bytes, one every 100 ms. */
export async function uploadSlowly(port: number, forMs: number): Promise<WholeAnswer> {
  return await ask({ port, path: '/upload', method: 'POST' }, async (write) => {
    for (let sentMs = 0; sentMs < forMs; sentMs += 100) {
      write('x'.repeat(1_000))
      await sleep(100)
    }
  })
}

/** An answer of which 1,000 bytes come every 100 ms. */
export async function downloadSlowly(port: number, forMs: number): Promise<WholeAnswer> {
  return await ask({ port, path: `/download?ms=${forMs}`, method: 'GET' }, async () => {})
}

function ask(
  options: { port: number; path: string; method: string },
  send: (write: (text: string) => void) => Promise<void>,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', agent: false, ...options })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('error', reject)
      answer.on('end', () => {
        const release = String(answer.headers['x-version'] ?? '')
        resolve({ status: answer.statusCode ?? 0, release, length: text.length, text })
      })
    })
    void send((text) => asked.write(text)).then(() => asked.end(), reject)
  })
}
