import type { Answer } from '../support/traffic.ts'

/** A switch as the traffic sees it: between two releases, in a stretch of its own time. */
export interface Move {
  from: string
  to: string
  /** Everything was calm from here on. */
  sinceMs: number
  /** The command began. */
  fromMs: number
  /** The command ended. */
  doneMs: number
  /** Everybody was answered again. */
  toMs: number
  /** The proxy was told to lead to the new release; undefined: nobody could say when. */
  toldMs?: number | undefined
}

/** When users moved, in milliseconds since the command began. */
export interface Moment {
  commandMs: number
  /** The first answer of the new release. */
  firstNewMs: number
  /** The start of the last request that the old release still answered; below zero where none began later. */
  lastOldMs: number
  /** From when the proxy was told to the first answer of the new release. */
  sinceToldMs?: number
}

/** Reads off the answers when users moved; throws where they never did. */
export function momentOf(
  answers: readonly Answer[],
  { doneMs, from, fromMs, sinceMs, to, toMs, toldMs }: Move,
): Moment {
  const inTime = answers.filter(({ startedMs }) => startedMs >= sinceMs && startedMs <= toMs)
  const firstNew = least(inTime.filter(({ release }) => release === to).map(({ atMs }) => atMs))
  const lastOld = greatest(inTime.filter(({ release }) => release === from).map(({ startedMs }) => startedMs))
  if (firstNew === undefined || lastOld === undefined)
    throw new Error(`No request saw users move from release ${from} to ${to}.`)
  const moment = { commandMs: doneMs - fromMs, firstNewMs: firstNew - fromMs, lastOldMs: lastOld - fromMs }
  return toldMs === undefined ? moment : { ...moment, sinceToldMs: firstNew - toldMs }
}

/** How long the answers took to requests that began in a stretch of time. */
export function latenciesIn(answers: readonly Answer[], stretch: { fromMs: number; toMs: number }): number[] {
  return answers
    .filter(({ startedMs }) => startedMs >= stretch.fromMs && startedMs < stretch.toMs)
    .map(({ atMs, startedMs }) => atMs - startedMs)
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
