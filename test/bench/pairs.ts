import type { Clock } from './clock.ts'

/** One side of a comparison. */
export interface Side {
  /** Brings everything to where the measurement starts; does not count. */
  prepare?: () => Promise<void>
  /** Does the work once and returns its figure. */
  measure: () => Promise<number>
}

/** The figures of each side, by round. */
export interface Pairs {
  ours: number[]
  theirs: number[]
}

/** Measures two sides in turn, A B A B, so that what else happens on the machine meets both. */
export async function measureInPairs(
  clock: Clock,
  { rounds, warmUps = 0, ours, theirs }: { rounds: number; warmUps?: number; ours: Side; theirs: Side },
): Promise<Pairs> {
  const pairs: Pairs = { ours: [], theirs: [] }
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, side] of [['ours', ours] as const, ['theirs', theirs] as const]) {
      clock.check()
      await side.prepare?.()
      const figure = await side.measure()
      if (round >= 0) pairs[name].push(figure)
    }
  }
  return pairs
}

/** How long some work takes, in milliseconds. */
export async function durationMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}
