import { connect, type Socket } from 'node:net'

/** Ends of pipelined requests: the releases that answered, and how many answers never came. */
export interface PipelineReport {
  answered: string[]
  lost: number
  /** Requests sent again, because the answer before them said `Connection: close`. */
  resent: number
}

/**
 * Sends POSTs with bodies over one connection without waiting for answers, `depth` at a time, until `stop`. Where
 * an answer says `Connection: close`, the requests behind it were not handled, and are sent again on a new
 * connection (RFC 9112, 9.3.2); whatever else stays without an answer is lost.
 */
export async function pipelinePosts(options: {
  port: number
  depth: number
  /** Begins every body, to tell clients apart. */
  name: string
  stop: () => boolean
}): Promise<PipelineReport> {
  const { name } = options
  const report: PipelineReport = { answered: [], lost: 0, resent: 0 }
  let next = 0
  let waiting: string[] = []
  while (!options.stop() || waiting.length > 0) {
    const left = await onOneConnection(options, {
      waiting,
      take: () => (options.stop() ? undefined : `${name}-${next++}`),
      answered: (body) => report.answered.push(body),
    })
    if (!left.polite) report.lost += left.waiting.length
    waiting = left.polite ? left.waiting : []
    report.resent += waiting.length
  }
  return report
}

type Feed = {
  waiting: readonly string[]
  take: () => string | undefined
  answered: (body: string) => void
}

function onOneConnection(
  { port, depth }: { port: number; depth: number },
  { answered, take, waiting }: Feed,
): Promise<{ waiting: string[]; polite: boolean }> {
  return new Promise((resolve) => {
    const queue: string[] = []
    let text = ''
    let polite = false
    const socket: Socket = connect(port, '127.0.0.1', () => {
      for (const body of waiting) send(body)
      fill()
    })
    const send = (body: string) => {
      queue.push(body)
      socket.write(
        `POST /kept HTTP/1.1\r\nHost: app\r\nX-Kept: 1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    }
    const fill = () => {
      while (queue.length < depth) {
        const body = take()
        if (body === undefined) break
        send(body)
      }
      if (queue.length === 0) socket.end()
    }
    const read = () => {
      for (;;) {
        const answer = /^HTTP\/1\.1 (?<status>\d+)[\s\S]*?\r\n\r\n/.exec(text)
        const length = Number(/content-length: (\d+)/i.exec(answer?.[0] ?? '')?.[1] ?? Number.NaN)
        if (!answer || text.length < answer[0].length + length) return
        const body = text.slice(answer[0].length, answer[0].length + length).trim()
        text = text.slice(answer[0].length + length)
        if (body !== queue[0]) return socket.destroy(new Error(`answered ${answer[0]} ${body}`))
        queue.shift()
        answered(body)
        if (/connection: close/i.test(answer[0])) {
          polite = true
          return socket.destroy()
        }
        fill()
      }
    }
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      read()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve({ waiting: queue, polite: polite || queue.length === 0 }))
  })
}
