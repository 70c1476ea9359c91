import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { PrivateEngine } from '../private-engine.ts'
import { until } from '../until.ts'
import { type Census, more, takeCensus } from './census.ts'
import { anySeed, createDraw, type Draw } from './draw.ts'
import { FAULTS, type Fault, performWith } from './faults.ts'
import { complaints, figuresOf, killTable, summary } from './figures.ts'
import { type Lane, openLane } from './lane.ts'
import { TEMPORARY } from './laws.ts'
import type { Patient } from './patient.ts'
import { untilInterrupted, withImages } from './program.ts'
import { drawTrial } from './trials.ts'

// Releases for as long as it is told, most of which are killed or meet a fault, under traffic, on an engine of its own;
// ends with the figures, and with code 1 where a request failed, a record was wrong or something is left.

const say = (line: string) => console.log(line)

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(anySeed()) },
    },
  })
  const [minutes, seed] = [values.minutes, values.seed].map(Number)
  if (!minutes || seed === undefined) throw new Error('--minutes and --seed are numbers.')
  say(`seed ${seed}`)
  const temporary = mkdtempSync(join(tmpdir(), 'vt-soak-'))
  try {
    return await withImages('own', async (engine) => {
      if (engine === undefined) throw new Error('There is no engine.')
      return soak({ draw: createDraw(seed), engine, temporary, minutes, seed })
    })
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

type Soak = { draw: Draw; engine: PrivateEngine; temporary: string; minutes: number; seed: number }

async function soak({ draw, engine, minutes, seed, temporary }: Soak): Promise<number> {
  const beganMs = performance.now()
  const lane = await openLane(draw, { sandbox: { engine, env: { TMPDIR: temporary } } })
  const { patient } = lane
  try {
    await lane.deploy([])
    await settle(patient)
    const before = await takeCensus(patient.box, engine)
    lane.beginTraffic()
    const faults = await trouble(lane, { draw, engine, untilMs: beganMs + minutes * 60_000 })
    age(patient)
    await settle(patient)
    const traffic = [await lane.endTraffic()]
    const left = await leftOver(patient, engine, before)
    const figures = figuresOf({ patients: [patient], traffic, durationMs: performance.now() - beganMs })
    const wrong = complaints(figures)
    const lines = [
      ...killTable(figures),
      `faults: ${JSON.stringify(faults)}`,
      ...wrong,
      `left, beyond what retention keeps: ${JSON.stringify(left)}`,
      `seed ${seed}: ${patient.performs()} performs; ${summary(figures)}`,
    ]
    for (const line of lines) say(line)
    return wrong.length === 0 && Object.keys(left).length === 0 ? 0 : 1
  } finally {
    await lane.remove()
  }
}

/** Kills and faults, one after the other, until the time is over; how many faults of which kind there were. */
async function trouble(
  lane: Lane,
  { draw, engine, untilMs }: { draw: Draw; engine: PrivateEngine; untilMs: number },
): Promise<Partial<Record<Fault, number>>> {
  const { patient } = lane
  const faults: Partial<Record<Fault, number>> = {}
  const kinds = Object.keys(FAULTS) as [Fault, ...Fault[]]
  const stopped = untilInterrupted()
  while (performance.now() < untilMs && !stopped()) {
    const found = patient.findings.length
    if (draw.chance(0.75)) await lane.go(drawTrial(draw))
    else {
      const fault = draw.pick(kinds)
      faults[fault] = (faults[fault] ?? 0) + 1
      await performWith(fault, { draw, engine, patient })
    }
    for (const { after, kind, what } of patient.findings.slice(found))
      say(`${kind}: ${what}\n  after ${after}`)
  }
  return faults
}

/** As many releases as are kept, so that all are of one kind, and one color alone. */
async function settle(patient: Patient): Promise<void> {
  for (let releases = 0; releases < 4; releases += 1) {
    patient.publish()
    await patient.run('the rest', ['perform', '--auto-switch'])
  }
  await patient.run('the rest', ['cleanup', '--remove', '--yes'])
}

/** Programs that died while they wrote did so more than an hour ago: the next one removes what they left. */
function age({ box }: Patient): void {
  const folder = join(box.folder, 'deployments')
  const longAgo = Date.now() / 1_000 - 2 * 3_600
  for (const name of readdirSync(folder).filter((each) => TEMPORARY.test(each)))
    utimesSync(join(folder, name), longAgo, longAgo)
}

/**
 * What there is more of than before, once connections that nobody uses any more are closed. nginx keeps them for 60 s;
 * the engine until its garbage is collected, every two minutes: 20 execs by the docker command alone were seen to leave
 * 15 sockets, and all of them gone 2 min later.
 */
async function leftOver(patient: Patient, engine: PrivateEngine, before: Census): Promise<Partial<Census>> {
  let left: Partial<Census> = {}
  const gone = async () => {
    left = more(before, await takeCensus(patient.box, engine))
    return Object.keys(left).length === 0
  }
  await until(gone, { timeoutMs: 200_000, everyMs: 1_000 }).catch(() => undefined)
  return left
}
