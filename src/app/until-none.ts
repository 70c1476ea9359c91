import type { Machine } from './ports/machine.ts'

/** Looks four times a second until nothing is left, or the time is over; tells how many were left. */
export async function untilNone(
  machine: Machine,
  limit: { timeoutMs: number; look: () => Promise<number>; say: (left: number) => void },
): Promise<number> {
  const deadlineMs = machine.now().getTime() + limit.timeoutMs
  for (;;) {
    const left = await limit.look()
    if (left === 0 || machine.now().getTime() >= deadlineMs) return left
    limit.say(left)
    await machine.sleep(250)
  }
}
