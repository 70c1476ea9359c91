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
  /** Asked where something failed: in a terminal, a signal also reaches the programs that a part runs. */
  throwIfInterrupted: () => void
  /** `m:ss` since the start. */
  elapsed: () => string
}

/** The run has to end; what was measured until then still counts. */
export class TimeIsOver extends Error {}

/** Starts the time that a run may take; a signal ends it at the next look, so that all is removed. */
export function startClock(maxMs: number, say: (line: string) => void): Clock {
  const startedAt = performance.now()
  let signalled: NodeJS.Signals | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signalled = signal
      say(`${signal}: ends, and removes what it made …`)
    })
  }
  const throwIfInterrupted = () => {
    if (signalled) throw new Error(`Ended by ${signalled}.`)
  }
  return {
    throwIfInterrupted,
    check: () => {
      throwIfInterrupted()
      if (performance.now() - startedAt > maxMs)
        throw new TimeIsOver(`The time was over after ${maxMs / 1000} s.`)
    },
    elapsed: () => {
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    },
  }
}
