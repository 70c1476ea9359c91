import { Expected } from '../../../src/domain/failure.ts'

/** What goes wrong at one point of a run: before the first effect of a call, between two, or after the last. */
export type Fault = {
  at: number
  /** The outside fails, the program has a bug, it is killed, or a person presses Ctrl-C. */
  way: 'fails' | 'bug' | 'dies' | 'interrupt'
}

/** Thrown by everything that a killed program still tries; made once, for it is thrown often. */
const KILLED = new Error('killed')

/** The points a run passes, and the fault that meets it there. */
export type Faults = {
  passed: () => number
  dead: () => boolean
  /** A call without effects: it may fail, and when it does makes no difference. */
  look<T>(name: string, answer: () => T): Promise<T>
  lookHeeding<T>(name: string, answer: () => T): Promise<T>
  /** Runs the effects of one call, one after the other, each a moment later than it was asked for. */
  call<T>(name: string, ...effects: Effects<T>): Promise<T>
  /** The same for calls that an interruption ends early. */
  heeding<T>(name: string, ...effects: Effects<T>): Promise<T>
  throwIfInterrupted(): void
  heed(): void
}

type Effects<T> = [...before: (() => unknown)[], last: () => T]

export function createFaults(options: { fault: Fault | undefined; afterEffect: () => void }): Faults {
  const { afterEffect, fault } = options
  let points = 0
  let dead = false
  let interrupted = false

  const throwIfInterrupted = () => {
    if (interrupted) throw new Expected({ code: 'interrupted', signal: 'SIGINT' })
  }
  const pass = (name: string) => {
    if (dead) throw KILLED
    const meets = fault?.at === points
    points += 1
    if (!meets) return
    switch (fault.way) {
      case 'fails':
        throw new Expected({ code: 'timed-out', what: name, afterMs: 1 })
      case 'bug':
        throw new TypeError(name)
      case 'dies':
        dead = true
        throw KILLED
      case 'interrupt':
        interrupted = true
    }
  }
  const run = async <T>(name: string, listen: () => void, effects: Effects<T>): Promise<T> => {
    let last: unknown
    for (const effect of effects) {
      pass(name)
      listen()
      await moments()
      if (dead) throw KILLED
      last = effect()
      afterEffect()
    }
    pass(name)
    listen()
    return last as T
  }
  const ask = async <T>(name: string, listen: () => void, answer: () => T): Promise<T> => {
    pass(name)
    listen()
    await moments()
    if (dead) throw KILLED
    return answer()
  }
  return {
    passed: () => points,
    dead: () => dead,
    look: (name, answer) => ask(name, () => {}, answer),
    lookHeeding: (name, answer) => ask(name, throwIfInterrupted, answer),
    call: (name, ...effects) => run(name, () => {}, effects),
    heeding: (name, ...effects) => run(name, throwIfInterrupted, effects),
    throwIfInterrupted,
    heed: () => {
      interrupted = false
    },
  }
}

/** Long enough that what fails at once is heard before what was begun beside it has had its effect. */
async function moments(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await undefined
}
