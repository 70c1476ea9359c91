import type { Event } from '../../../src/app/events.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Running } from '../run.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Place, Trial } from './trials.ts'

/** What a command told and how it ended. */
export interface Told {
  words: readonly string[]
  code: number
  outcome: Outcome | undefined
  /** It told that it dealt with a dead run. */
  recovered: boolean
  /** What it told to be left over. */
  leftovers: string[]
  /** The step it was in. */
  place: Place
  /** The code of an end that comes at once, be it that it has just told its outcome: killed, or asked twice to end. */
  atOnce: 130 | 137 | undefined
  /** All it wrote, for a person who has to look into it. */
  text: string
  durationMs: number
}

/** How long places take, learned from the commands that passed them; milliseconds. */
export interface Durations {
  typicalMs: (victim: string, place: Place) => number
  learn: (victim: string, place: Place, ms: number) => void
}

export function createDurations(): Durations {
  const known = new Map<string, number>()
  return {
    typicalMs: (victim, place) => known.get(`${victim} ${place}`) ?? (place === 'begin' ? 600 : 150),
    learn: (victim, place, ms) => void known.set(`${victim} ${place}`, ms),
  }
}

type Watched = { box: Sandbox; durations: Durations; name: string; env?: Record<string, string> | undefined }

/** Runs a command to its end, and learns how long its steps take. */
export async function runToEnd(watched: Watched, words: readonly string[]): Promise<Told> {
  return await follow(watched, words, () => {})
}

/** Runs a command and kills it, as `kill -9` does, where the trial says; or it ends before that, with another code than 137. */
export async function runAndKill(
  watched: Watched,
  words: readonly string[],
  trial: Pick<Trial, 'place' | 'share' | 'way'>,
): Promise<Told> {
  const delayMs = trial.share * watched.durations.typicalMs(watched.name, trial.place)
  const timers: NodeJS.Timeout[] = []
  const end = (running: Running) => {
    running.kill(trial.way === 'SIGINT twice' ? 'SIGINT' : trial.way)
    if (trial.way === 'SIGINT twice') timers.push(setTimeout(() => running.kill('SIGINT'), SECOND_AFTER_MS))
  }
  try {
    const told = await follow(watched, words, (place, running) => {
      if (place !== trial.place) return
      if (delayMs === 0) end(running)
      else timers.push(setTimeout(() => end(running), delayMs))
    })
    return { ...told, atOnce: CODE_AT_ONCE[trial.way] }
  } finally {
    for (const timer of timers) clearTimeout(timer)
  }
}

const CODE_AT_ONCE: Partial<Record<Trial['way'], 130 | 137>> = { SIGKILL: 137, 'SIGINT twice': 130 }

// Long enough that the first is heard before the second comes.
const SECOND_AFTER_MS = 50

/** Whether it ended without a word: the kernel ended it, or a person who asked twice, or who asked before it listened. */
export function wasKilled({ code, outcome }: Told): boolean {
  return code >= 129 && outcome === undefined
}

/** Whether it was asked to end, and did so in its own time. */
export function isInterrupted({ outcome }: Told): boolean {
  return outcome !== undefined && 'failure' in outcome && outcome.failure.code === 'interrupted'
}

async function follow(
  { box, durations, env, name }: Watched,
  words: readonly string[],
  enter: (place: Place, running: Running) => void,
): Promise<Told> {
  const told: Omit<Told, 'code' | 'text' | 'durationMs' | 'words'> = {
    outcome: undefined,
    recovered: false,
    leftovers: [],
    place: 'begin',
    atOnce: undefined,
  }
  const beganMs = performance.now()
  let enteredMs = beganMs
  const move = (place: Place) => {
    durations.learn(name, told.place, performance.now() - enteredMs)
    enteredMs = performance.now()
    told.place = place
    enter(place, running)
  }
  const hear = (event: Event) => {
    if (event.type === 'step-started') move(event.step)
    if ((event.type === 'step-done' || event.type === 'step-skipped') && event.step === 'cleanup')
      move('close')
    if (event.type === 'note' && event.note.note === 'recovered') told.recovered = true
    if (event.type === 'note' && event.note.note === 'leftover')
      told.leftovers.push(`${event.note.what}: ${event.note.reason}`)
    if (event.type === 'outcome') told.outcome = event.outcome
  }
  const running = box.beginUpgrade([...words, '--json'], {
    ...(env && { env }),
    onLine: (line) => {
      const event = parseEvent(line)
      if (event !== undefined) hear(event)
    },
  })
  enter('begin', running)
  const ran = await running.ended
  if (ran.code === 0) durations.learn(name, told.place, performance.now() - enteredMs)
  return { ...told, words, code: ran.code, text: running.output(), durationMs: ran.durationMs }
}

/** A program that was killed may leave half a line. */
function parseEvent(line: string): Event | undefined {
  try {
    return JSON.parse(line) as Event
  } catch {
    return undefined
  }
}
