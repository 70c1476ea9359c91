/** How much is measured; a round measures both sides once. */
export interface Size {
  name: 'full' | 'quick'
  /** The run ends by then, with what it has measured. */
  maxMs: number
  /** Rounds of commands that only look. */
  lookRounds: number
  performRounds: number
  switchRounds: number
  /** Rounds of traffic, and how often each way of switching switches in one. */
  trafficRounds: number
  switchesARound: number
  recreatesARound: number
  throughputRounds: number
  throughputSeconds: number
}

/** What the figures in the README come from, and what shows in two minutes that nothing has become worse. */
export const SIZES: Record<Size['name'], Size> = {
  full: {
    name: 'full',
    maxMs: 600_000,
    lookRounds: 11,
    performRounds: 5,
    switchRounds: 7,
    trafficRounds: 4,
    switchesARound: 5,
    recreatesARound: 2,
    throughputRounds: 4,
    throughputSeconds: 5,
  },
  quick: {
    name: 'quick',
    maxMs: 120_000,
    lookRounds: 3,
    performRounds: 1,
    switchRounds: 2,
    trafficRounds: 2,
    switchesARound: 2,
    recreatesARound: 1,
    throughputRounds: 2,
    throughputSeconds: 2,
  },
}
