import { type Failure, failureOf } from '../domain/failure.ts'
import type { Machine } from './ports/machine.ts'

/**
 * Does what must be done whoever asks to stop: the way back, the records. An interruption that comes in the middle
 * of it is heard, and the act, which may be called twice, begins again; a second signal ends the program anyway.
 * Returns what it failed with.
 */
export async function insist(
  machine: Pick<Machine, 'heedInterruption'>,
  act: () => Promise<void>,
): Promise<Failure | undefined> {
  const failure = await attempt(act)
  if (failure?.code !== 'interrupted') return failure
  machine.heedInterruption()
  return attempt(act)
}

/** The failure that an act ended with, if it is one that is expected. */
export async function attempt(act: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return failure
  }
}
