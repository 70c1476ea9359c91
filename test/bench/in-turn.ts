import type { Clock } from './clock.ts'

/** One side of a comparison. */
export interface Side<Figure = number> {
  /** Brings everything to where the measurement starts; does not count. */
  prepare?: () => Promise<void>
  /** Does the work once and returns its figure. */
  measure: () => Promise<Figure>
}

/** The figures of each side, by round. */
export interface Pairs {
  ours: number[]
  theirs: number[]
}

/**
 * Measures every side in turn, A B B A, so that what else happens on the machine meets all of them, and what one
 * leaves to the next favours none.
 */
export async function measureInTurn<Name extends string, Figure>(
  clock: Clock,
  {
    rounds,
    warmUps = 0,
    sides,
  }: { rounds: number; warmUps?: number; sides: Readonly<Record<Name, Side<Figure>>> },
): Promise<Record<Name, Figure[]>> {
  const names = Object.keys(sides) as Name[]
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Figure[]>
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      clock.check()
      await sides[name].prepare?.()
      const figure = await sides[name].measure()
      if (round >= 0) figures[name].push(figure)
    }
  }
  return figures
}

/** Measures two sides in turn. */
export function measureInPairs(
  clock: Clock,
  { ours, theirs, ...rounds }: { rounds: number; warmUps?: number; ours: Side; theirs: Side },
): Promise<Pairs> {
  return measureInTurn(clock, { ...rounds, sides: { ours, theirs } })
}

/** How long some work takes, in milliseconds. */
export async function durationMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}
