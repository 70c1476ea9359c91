import type { Answer } from '../support/traffic.ts'

/** A switch as the traffic sees it: between two releases, in a stretch of its own time. */
export interface Move {
  from: string
  to: string
  fromMs: number
  toMs: number
}

/**
 * From the first answer of the new release to the start of the last request that the old one still answered, in
 * milliseconds; below zero where none started later. Throws where users never moved.
 */
export function overlapMs(answers: readonly Answer[], { from, to, fromMs, toMs }: Move): number {
  const inTime = answers.filter(({ startedMs }) => startedMs >= fromMs && startedMs <= toMs)
  const firstNew = least(inTime.filter(({ release }) => release === to).map(({ atMs }) => atMs))
  const lastOld = greatest(inTime.filter(({ release }) => release === from).map(({ startedMs }) => startedMs))
  if (firstNew === undefined || lastOld === undefined)
    throw new Error(`No request saw users move from release ${from} to ${to}.`)
  return lastOld - firstNew
}

/** The longest time between two answers that followed each other, in milliseconds. */
export function longestGapMs(answers: readonly Answer[]): number {
  const times = answers.map(({ atMs }) => atMs).sort((left, right) => left - right)
  return times.reduce((longest, atMs, index) => Math.max(longest, atMs - (times[index - 1] ?? atMs)), 0)
}

// Thousands of answers are too many for the arguments of Math.min.
function least(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : times.reduce((left, right) => Math.min(left, right))
}

function greatest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : times.reduce((left, right) => Math.max(left, right))
}
