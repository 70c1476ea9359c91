import type { Color } from '../../domain/color.ts'
import { Expected } from '../../domain/failure.ts'
import type { ProxyDriver } from './driver.ts'
import { askState, type State } from './management.ts'
import { waitFor } from './wait-for.ts'

const PAUSE_MS = 5
const REQUEST_TIMEOUT_MS = 2_000
// A reload that nginx gave up is in its log at once; before this it may just be slow.
const LOG_AFTER_MS = 1_000
// Among the lines of a few seconds: one for each request of users, and whatever else nginx has to complain of.
const LOG_LINES = 50_000
const TOLD_LINES = 50
// A port that is taken (EADDRINUSE) nginx tries five times, 500 ms apart, and may still get it (ngx_connection.c).
const TRIES_AGAIN = /bind\(\) to .* failed \(98: /
// The master starts new workers, lets old ones accept for 100 ms more and then ends them (ngx_process_cycle.c).
const OLD_ONES_ACCEPT_MS = 110

/**
 * New connections are answered by the generation alone, `times` in a row, when its first answer is so long ago that
 * old workers have ceased to accept: before that, new ones may just have been quicker. `nginx -s reload` says nothing
 * of the sort: where a port cannot be bound, the test passes, the reload succeeds and the old configuration goes on.
 *
 * Where only the color matters (`leads`), connections are made at once, an answer of an old worker that leads there
 * counts as well, and one answer of the generation is enough: marks moved old workers at the same instant.
 */
export async function confirmGeneration(options: {
  driver: ProxyDriver
  container: string
  managementPort: number
  generation: number
  times: number
  timeoutMs: number
  leads?: Color | undefined
  since: Date
}): Promise<void> {
  const { managementPort, generation, leads, times, timeoutMs } = options
  const startedAt = performance.now()
  let answered = 'nothing'
  let nextLookMs = LOG_AFTER_MS
  let firstAt = Number.POSITIVE_INFINITY
  const confirmed = await waitFor(
    async () => {
      const oldOnesCeased = leads === undefined && performance.now() >= firstAt + OLD_ONES_ACCEPT_MS
      const states = await (oldOnesCeased ? inARow : atOnce)(times, () => stateOrReason(managementPort))
      const follows = (state: State | string) =>
        typeof state !== 'string' && (leads === undefined || state.color === leads)
      const isIt = (state: State | string) =>
        typeof state !== 'string' && state.generation === generation && follows(state)
      const isGood = leads === undefined ? isIt : follows
      const other = states.find((state) => !isGood(state)) ?? states.find((state) => !isIt(state))
      if (states.some(isIt)) firstAt = Math.min(firstAt, performance.now())
      const isEnough = leads === undefined ? oldOnesCeased : states.some(isIt)
      if (states.every(isGood) && isEnough) return 'confirmed'
      answered = typeof other === 'string' ? other : wordsOf(other, generation)
      if (performance.now() - startedAt < nextLookMs) return undefined
      nextLookMs += LOG_AFTER_MS
      return (await gaveUp(options)) ? 'gave up' : undefined
    },
    { timeoutMs, pauseMs: PAUSE_MS },
  )
  if (confirmed === 'confirmed') return
  const logs = whyGivenUp(await complaints(options))
  throw new Expected({ code: 'reload-without-effect', expected: generation, answered, logs })
}

/** Where the number is the one that is expected, the color is not. */
function wordsOf(state: State | undefined, expected: number): string {
  const words = `generation ${state?.generation}`
  return state?.generation === expected ? `${words}, ${state.color ?? 'no color'}` : words
}

/** Each by the worker that waits longest: by old ones for as long as they accept. */
async function inARow<T>(times: number, ask: () => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  while (answers.length < times) answers.push(await ask())
  return answers
}

/** By as many workers as there are, new ones among them. */
async function atOnce<T>(times: number, ask: () => Promise<T>): Promise<T[]> {
  return await Promise.all(Array.from({ length: times }, ask))
}

async function stateOrReason(managementPort: number): Promise<State | string> {
  try {
    return await askState(managementPort, REQUEST_TIMEOUT_MS)
  } catch (error) {
    return (error as Error).message
  }
}

type Place = { driver: ProxyDriver; container: string; since: Date }

async function gaveUp(place: Place): Promise<boolean> {
  const lines = await complaints(place)
  return lines.some((line) => line.includes('[emerg]') && !TRIES_AGAIN.test(line))
}

/** What ended the reload, where nginx says so: it may complain of much else meanwhile. */
function whyGivenUp(lines: readonly string[]): string[] {
  const ended = lines.filter((line) => line.includes('[emerg]'))
  return (ended.length > 0 ? ended : lines).slice(-TOLD_LINES)
}

async function complaints({ driver, container, since }: Place): Promise<string[]> {
  const lines = await driver.errorLines(container, { since, lines: LOG_LINES })
  return lines.filter((line) => /\[(?:emerg|alert|crit|error)\]/.test(line))
}
