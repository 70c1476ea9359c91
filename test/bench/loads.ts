import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, TrafficOptions } from '../support/traffic.ts'
import { longestGapMs } from './overlap.ts'
import type { Outside } from './scenes/outside.ts'

const PROGRAM = fileURLToPath(new URL('load-process.ts', import.meta.url))

export type Load = Pick<TrafficOptions, 'connections' | 'jitter' | 'mode' | 'paceMs' | 'postShare'>

/** Requests of one kind, and what became of them. */
export interface Tally {
  sent: number
  lost: number
}

/** What all loads together have seen; times are those of `nowMs`. */
export interface Seen {
  answers: Answer[]
  tallies: Record<Load['mode'], Tally>
  /** Every reason of a loss that was seen. */
  reasons: string[]
  longestGapMs: number
}

/** Several loads on one port that run side by side. */
export interface Loads {
  /** How many requests were answered well so far. */
  answered: () => number
  stop: () => Promise<Seen>
}

/** What the process of the loads is told. */
export interface LoadOrder {
  port: number
  host?: string
  loads: readonly Load[]
  maxMs: number
}

/** What it tells. */
export interface SeenByLoads {
  answered: number
  seen?: (Tally & { mode: Load['mode']; reasons: string[]; answers: Answer[] })[]
}

/** Whose requests they are. */
export interface Users {
  /** The host that they come from; this machine unless told. */
  outside?: Outside
  /**
   * Linux may share out processors by session (autogroup): a load of the command's session leaves more of them to nginx
   * and the application than one of a session of its own.
   */
  ownSession?: boolean
}

/** Milliseconds on the one clock that all processes of a machine share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Starts them in a process of their own; none ever retries a request. */
export async function startLoads(
  order: LoadOrder,
  { outside, ownSession = false }: Users = {},
): Promise<Loads> {
  const [program, ...argv] = [...(outside?.enter ?? []), process.execPath, '--import', 'tsx']
  const told: LoadOrder = outside === undefined ? order : { ...order, host: outside.address }
  const options = { execPath: program, execArgv: argv, detached: ownSession }
  const child = fork(PROGRAM, [JSON.stringify(told)], options)
  let latest: SeenByLoads = { answered: 0 }
  child.on('message', (message: SeenByLoads) => {
    latest = message
  })
  const exited = once(child, 'exit')
  const began = await Promise.race([once(child, 'message').then(() => true), exited.then(() => false)])
  if (!began) throw new Error('The process that sends requests ended before the first one.')
  let seen: Promise<Seen> | undefined
  return {
    answered: () => latest.answered,
    stop: () => {
      seen ??= (async () => {
        child.send('stop')
        await exited
        if (!latest.seen) throw new Error('The process that sends requests ended without a word.')
        return together(latest.seen)
      })()
      return seen
    },
  }
}

function together(all: NonNullable<SeenByLoads['seen']>): Seen {
  const tallies: Seen['tallies'] = { 'keep-alive': { sent: 0, lost: 0 }, short: { sent: 0, lost: 0 } }
  for (const { lost, mode, sent } of all) {
    tallies[mode].sent += sent
    tallies[mode].lost += lost
  }
  const answers = all.flatMap((each) => each.answers)
  const reasons = [...new Set(all.flatMap((each) => each.reasons))]
  return { answers, tallies, reasons, longestGapMs: longestGapMs(answers) }
}
