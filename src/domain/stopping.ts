/** Containers that are being stopped, and within how many seconds the last of them will have ended. */
export type Stopping = { containers: string[]; seconds: number }

/** What a stop that began `elapsedMs` ago still waits for: the engine kills each container when its grace time is over. */
export function stillStopping(
  left: readonly { name: string; graceMs: number }[],
  elapsedMs: number,
): Stopping {
  const leftMs = Math.max(0, ...left.map(({ graceMs }) => graceMs - elapsedMs))
  return { containers: left.map(({ name }) => name).sort(), seconds: Math.max(1, Math.ceil(leftMs / 1_000)) }
}
