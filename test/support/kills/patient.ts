import type { StatusView } from '../../../src/app/views.ts'
import { type Color, otherColor } from '../../../src/domain/color.ts'
import type { FailureCode } from '../../../src/domain/failure.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts'
import { brokenEnding } from './ending.ts'
import { type Facts, gatherFacts } from './facts.ts'
import { as, type Broken, brokenLaws } from './laws.ts'
import { look } from './look.ts'
import { type Ailment, QUICK_SETTINGS, quickShop } from './shop.ts'
import type { Trial, Victim } from './trials.ts'
import { createDurations, isInterrupted, runAndKill, runToEnd, type Told, wasKilled } from './victim.ts'

/** A program that was killed: which, and where that hit it. */
export interface Kill {
  command: string
  place: string
}

/** What was found wrong, and after what. */
export interface Finding extends Broken {
  after: string
}

/** An app that things are done to, and all that is found wrong with it. */
export interface Patient {
  box: Sandbox
  kills: Kill[]
  /** Runs that were asked to end, and did. */
  interruptions: Kill[]
  findings: Finding[]
  find: (after: string, broken: readonly Broken[]) => void
  /** How many releases were performed, killed ones included. */
  performs: () => number
  /** A new release stands in the compose file. */
  publish: (ailment?: Ailment) => void
  /** Asks for the status and judges the answer. */
  see: (after: string) => Promise<StatusView | undefined>
  /** The color that users are on, and the other one. */
  active: () => Color
  standby: () => Color
  suits: (victim: Trial['victim']) => boolean
  /** Kills a command, if it does not end before that. */
  kill: (trial: Omit<Trial, 'victim'> & { victim: Victim }, words: readonly string[]) => Promise<Told>
  /** Runs a command to its end and judges all it leaves; `failure`: what it has to fail of. */
  run: (after: string, words: readonly string[], failure?: readonly FailureCode[]) => Promise<Judged>
  /** Judges what is left of a command that ended by itself. */
  judge: (after: string, told: Told, failure?: readonly FailureCode[]) => Promise<Judged>
}

/** A command that ended by itself; `facts`: what is so then, where users are served. */
interface Judged {
  told: Told
  facts: Facts | undefined
}

const STOP_THE_OLD = { AUTO_CLEANUP: 'true' }

export async function createPatient(sandbox: SandboxOptions): Promise<Patient> {
  const box = await createSandbox({ ...sandbox, files: { 'upgrade.yaml': QUICK_SETTINGS } })
  const durations = createDurations()
  const kills: Kill[] = []
  const interruptions: Kill[] = []
  const findings: Finding[] = []
  let releases = 0
  let performs = 0
  let view: StatusView | undefined

  const active = () => view?.active ?? 'green'
  const find: Patient['find'] = (after, broken) => {
    for (const each of broken) findings.push({ ...each, after })
  }
  const see: Patient['see'] = async (after) => {
    const looked = await look(box)
    find(after, as('wrong end', looked.broken))
    view = looked.view ?? view
    return looked.view
  }
  const judge: Patient['judge'] = async (after, told, failure = []) => {
    find(after, as('wrong end', brokenEnding(told, failure)))
    const seen = await see(after)
    if (seen?.active === undefined) return { told, facts: undefined }
    const facts = await gatherFacts(box, seen)
    find(after, brokenLaws(facts))
    return { told, facts }
  }
  return {
    box,
    kills,
    interruptions,
    findings,
    find,
    see,
    judge,
    performs: () => performs,
    publish: (ailment) => {
      releases += 1
      box.write('compose.yaml', quickShop({ version: String(releases), ailment }))
    },
    active,
    standby: () => otherColor(active()),
    suits: (victim) => suits(view, victim),
    kill: async (trial, words) => {
      if (words[0] === 'perform') performs += 1
      const env = trial.place === 'drain' || trial.place === 'cleanup' ? STOP_THE_OLD : undefined
      const told = await runAndKill({ box, durations, name: trial.victim, env }, words, trial)
      if (wasKilled(told)) kills.push({ command: trial.victim, place: told.place })
      else if (isInterrupted(told)) interruptions.push({ command: trial.victim, place: told.place })
      return told
    },
    run: async (after, words, failure) => {
      if (words[0] === 'perform') performs += 1
      const told = await runToEnd({ box, durations, name: words.join(' ') }, words)
      return judge(after, told, failure)
    },
  }
}

/** Whether a command has something to do as things stand. */
function suits(view: StatusView | undefined, victim: Trial['victim']): boolean {
  if (view?.active === undefined) return false
  const { active, colors, rollback } = view
  switch (victim) {
    case 'first perform':
    case 'perform':
      return true
    case 'switch':
    case 'cleanup':
      return colors[otherColor(active)].health !== 'none'
    case 'rollback, warm':
      return rollback.ready && rollback.way === 'warm'
    case 'rollback, cold':
      return rollback.ready && rollback.way === 'from-snapshot'
  }
}
