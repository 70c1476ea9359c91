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
  throughputRounds: number
  throughputSeconds: number
}

/** What the figures in the README come from, and what shows in five minutes that nothing has become worse. */
export const SIZES: Record<Size['name'], Size> = {
  full: {
    name: 'full',
    maxMs: 1_380_000,
    lookRounds: 11,
    performRounds: 5,
    switchRounds: 11,
    flatRounds: 21,
    trafficRounds: 5,
    switchesARound: 5,
    recreatesARound: 2,
    throughputRounds: 9,
    throughputSeconds: 5,
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
    throughputRounds: 3,
    throughputSeconds: 2,
  },
}
