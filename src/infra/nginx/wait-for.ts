import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until there is an answer; undefined when the deadline came first. */
export async function waitFor<T>(
  ask: () => Promise<T | undefined>,
  limit: { timeoutMs: number; pauseMs: number },
): Promise<T | undefined> {
  const deadline = performance.now() + limit.timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() >= deadline) return undefined
    await pause(limit.pauseMs)
  }
}
