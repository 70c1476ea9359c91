import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { drawPort } from './own-part.ts'

/** Asks again until the answer is truthy; an error counts as "not yet". Throws at the deadline, with the last error. */
export async function until<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 100 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  while (true) {
    try {
      const answer = await ask()
      if (answer) return answer
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() > deadline)
      throw new Error(`It did not happen within ${timeoutMs} ms: ${ask}`, { cause })
    await sleep(everyMs)
  }
}

/** A port that nothing listens on, and that no other test of this run gets. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = drawPort()
    if (await isFree(port)) return port
  }
  throw new Error('No free port between 20000 and 32000.')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
