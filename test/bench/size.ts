/** How much is measured; a round measures both sides once. */
export interface Size {
  name: 'full' | 'quick'
  /** The run ends by then, with what it has measured. */
  maxMs: number
  /** Rounds of commands that only look. */
  lookRounds: number
  performRounds: number
  switchRounds: number
  /** Rounds of switches that are to take as long as others: a small difference needs more of them to be seen. */
  flatRounds: number
  /** Rounds of traffic, and how often each way of switching switches in one. */
  trafficRounds: number
  switchesARound: number
  recreatesARound: number
  /** The same where the slowest answers are looked at. */
  tailRounds: number
  tailSwitches: number
  /** Rounds of full load for a second: how connections fall to workers varies more than what is compared. */
  throughputRounds: number
  /** The same beside what is told without a mark. */
  asideRounds: number
}

/** What the figures in the README come from, and what shows in five minutes that nothing has become worse. */
export const SIZES: Record<Size['name'], Size> = {
  full: {
    name: 'full',
    maxMs: 1_900_000,
    lookRounds: 11,
    performRounds: 5,
    switchRounds: 11,
    flatRounds: 21,
    trafficRounds: 5,
    switchesARound: 5,
    recreatesARound: 2,
    tailRounds: 7,
    tailSwitches: 7,
    throughputRounds: 201,
    asideRounds: 11,
  },
  quick: {
    name: 'quick',
    maxMs: 250_000,
    lookRounds: 3,
    performRounds: 1,
    switchRounds: 3,
    flatRounds: 3,
    trafficRounds: 2,
    switchesARound: 2,
    recreatesARound: 1,
    tailRounds: 2,
    tailSwitches: 2,
    throughputRounds: 9,
    asideRounds: 3,
  },
}
