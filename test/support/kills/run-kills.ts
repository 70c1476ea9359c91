import type { PrivateEngine } from '../private-engine.ts'
import { createDraw, type Draw } from './draw.ts'
import { type Figures, figuresOf } from './figures.ts'
import { type Lane, openLane } from './lane.ts'
import { drawRound, PLACES, type Trial } from './trials.ts'

export interface KillsOptions {
  seed: number
  /** How many programs are killed, at least. */
  kills: number
  /** How many apps suffer at a time. */
  lanes: number
  /** The engine to use instead of the machine's own. */
  engine?: PrivateEngine | undefined
  /** Whether a person wants no more of it. */
  stopped?: () => boolean
  say: (line: string) => void
}

/** Kills programs, one after the other in every lane, until there were enough; then removes all it made. */
export async function runKills({ engine, kills, lanes, say, seed, stopped }: KillsOptions): Promise<Figures> {
  const beganMs = performance.now()
  const opened: Lane[] = []
  const queue = createQueue(createDraw(seed))
  const killed = () => opened.reduce((total, { patient }) => total + patient.kills.length, 0)
  const enough = () => killed() >= kills || stopped?.() === true
  try {
    const traffic = await Promise.all(
      Array.from({ length: lanes }, async (_, index) => {
        const draw = createDraw(seed + 1 + index)
        const lane = await openLane(draw, { ...(engine && { sandbox: { engine } }) })
        opened.push(lane)
        await lane.deploy(firstTrials(draw, { index, lanes }))
        lane.beginTraffic()
        while (!enough()) {
          const before = killed()
          await goOn(lane, queue, say)
          if (Math.floor(killed() / 10) > Math.floor(before / 10)) say(`${killed()} kills`)
        }
        return lane.endTraffic()
      }),
    )
    const durationMs = performance.now() - beganMs
    return figuresOf({ patients: opened.map(({ patient }) => patient), traffic, durationMs })
  } finally {
    await Promise.all(opened.map((lane) => lane.remove()))
  }
}

/** What is still to be tried: one round of all places after the other. */
type Queue = { take: (suits: (trial: Trial) => boolean) => Trial }

function createQueue(draw: Draw): Queue {
  let waiting: Trial[] = []
  return {
    take: (suits) => {
      // What suits things as they stand needs no way to it.
      const at = Math.max(0, waiting.findIndex(suits))
      const [trial] = waiting.splice(at, 1)
      if (trial !== undefined) return trial
      const [first, ...others] = drawRound(draw)
      waiting = others
      return first
    },
  }
}

async function goOn({ go, patient }: Lane, queue: Queue, say: (line: string) => void): Promise<void> {
  const found = patient.findings.length
  await go(queue.take(({ victim }) => patient.suits(victim)))
  for (const { after, kind, what } of patient.findings.slice(found)) say(`${kind}: ${what}\n  after ${after}`)
}

/** Each lane has a share of the places in which a first run dies. */
function firstTrials(draw: Draw, { index, lanes }: { index: number; lanes: number }): Trial[] {
  return PLACES['first perform']
    .filter((_, place) => place % lanes === index)
    .map((place) => ({ victim: 'first perform', place, share: draw.number(), way: 'SIGKILL' }))
}
