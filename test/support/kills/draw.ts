/** Numbers that look random and are the same again for the same seed. */
export interface Draw {
  /** From 0 to below 1. */
  number: () => number
  below: (limit: number) => number
  pick: <T>(choices: readonly [T, ...T[]]) => T
  chance: (share: number) => boolean
  shuffled: <T>(items: readonly T[]) => T[]
}

/** mulberry32: 32 bits of state are plenty for what a test draws. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(number() * limit)
  return {
    number,
    below,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    chance: (share) => number() < share,
    shuffled: (items) => {
      const left = [...items]
      return items.flatMap(() => left.splice(below(left.length), 1))
    },
  }
}

/** A seed for a run that was given none. */
export function anySeed(): number {
  return Date.now() % 1_000_000
}
