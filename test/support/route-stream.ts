import { Agent, type IncomingMessage, request } from 'node:http'

/** A way in, as a user takes it. */
export type WayIn = { port: number; path: string; host: string }

/** One user, who asks one way in after the other and never two at once. */
export interface RouteStream {
  /** The first word of X-Version in every answer, in their order; a failure is its reason. */
  stop: () => Promise<string[]>
}

/** Begins to ask; `keep-alive` uses one connection a port as long as it lasts, `short` a new one each time. */
export function startRouteStream(ways: readonly WayIn[], mode: 'keep-alive' | 'short'): RouteStream {
  const agent = new Agent({ keepAlive: mode === 'keep-alive', maxSockets: 1 })
  const answers: string[] = []
  let stopped = false
  const ask = async () => {
    while (!stopped) {
      for (const way of ways) answers.push(await askOnce(way, agent))
    }
    agent.destroy()
    return answers
  }
  const ended = ask()
  return {
    stop: () => {
      stopped = true
      return ended
    },
  }
}

function askOnce({ host, path, port }: WayIn, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, agent, headers: { Host: host }, timeout: 15_000 })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 15 s')))
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    sent.on('response', (answer: IncomingMessage) => {
      answer.on('error', (error) => resolve(error.message))
      answer.on('end', () => {
        const version = String(answer.headers['x-version'] ?? '').split(' ')[0] ?? ''
        resolve(answer.statusCode === 200 ? version : `status ${answer.statusCode}`)
      })
      answer.resume()
    })
    sent.end()
  })
}
