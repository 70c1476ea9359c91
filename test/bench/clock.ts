import type { Images } from '../support/setup/images.ts'
import type { Size } from './size.ts'

/** What every measurement is given. */
export interface Bench {
  size: Size
  images: Images
  clock: Clock
  say: (line: string) => void
}

/** Bounds a run. */
export interface Clock {
  /** Asked between two measurements; throws where the time is over or a signal came. */
  check: () => void
}

/** The run has to end; what was measured until then still counts. */
export class TimeIsOver extends Error {}

/** Starts the time that a run may take; a signal ends it at the next look, so that all is removed. */
export function startClock(maxMs: number): Clock {
  const deadline = performance.now() + maxMs
  let signalled: NodeJS.Signals | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signalled = signal
    })
  }
  return {
    check: () => {
      if (signalled) throw new Error(`Ended by ${signalled}.`)
      if (performance.now() > deadline) throw new TimeIsOver(`The time was over after ${maxMs / 1000} s.`)
    },
  }
}
