import { metadataOf, snapshotsOf, traces } from '../observe.ts'
import type { Sandbox, SandboxOptions } from '../sandbox.ts'
import { startTraffic, type Traffic } from '../traffic.ts'
import { brokenAftermath, type Dead } from './aftermath.ts'
import type { Draw } from './draw.ts'
import { as } from './laws.ts'
import { journalOf } from './look.ts'
import { createPatient, type Patient } from './patient.ts'
import { type Trial, tellTrial, wordsOf } from './trials.ts'
import { wasKilled } from './victim.ts'
import { watchWorkers } from './workers.ts'

/** An app under traffic, whose commands are killed. */
export interface Lane {
  patient: Patient
  /** Kills a command, looks, runs another one, and looks again. */
  go: (trial: Trial) => Promise<void>
  /** Performs the first release, once it was killed wherever `first` says. */
  deploy: (first: readonly Trial[]) => Promise<void>
  beginTraffic: () => void
  /** Ends the traffic; `failed`: the requests of users that failed, and why. */
  endTraffic: () => Promise<{ requests: number; failed: number; failures: string[] }>
  remove: () => Promise<void>
}

const TRAFFIC = { maxMs: 3_600_000, paceMs: 50 }
const PERFORM = ['perform', '--auto-switch']
// `stay` and `the same` change nothing themselves: what they leave is what the end of the dead run left.
const NEXT = ['stay', 'stay', 'the same', 'perform', 'prepare', 'switch', 'rollback', 'cleanup'] as const

/** Makes an app that nothing was done to yet. */
export async function openLane(
  draw: Draw,
  { sandbox = {} }: { sandbox?: SandboxOptions } = {},
): Promise<Lane> {
  const patient = await createPatient(sandbox)
  const { box, publish } = patient
  const workers = watchWorkers(box)
  const traffic: Traffic[] = []

  const next = (): string[] => {
    const command = draw.pick(NEXT)
    if (command === 'perform' || command === 'prepare') publish()
    if (command === 'perform' || command === 'the same') return PERFORM
    if (command === 'prepare') return ['perform']
    if (command === 'stay') return ['switch', patient.active()]
    return command === 'switch' ? ['switch', patient.standby()] : [command]
  }
  const prepare = async ({ victim }: Trial) => {
    for (let attempt = 0; attempt < 4 && !patient.suits(victim); attempt += 1) {
      const stop = victim === 'rollback, cold' && patient.suits('cleanup')
      if (!stop) publish()
      await patient.run(`the way to ${victim}`, stop ? ['cleanup'] : PERFORM)
    }
  }
  return {
    patient,
    deploy: async (first) => {
      publish()
      for (const trial of first) await killFirst(patient, trial)
      const seen = await patient.see('the first run')
      if (seen?.active === undefined) await patient.run('the first run', PERFORM)
    },
    beginTraffic: () => {
      const { port } = box
      traffic.push(
        startTraffic({ ...TRAFFIC, port, connections: 3, mode: 'keep-alive', postShare: 0.3 }),
        startTraffic({ ...TRAFFIC, port, connections: 2, mode: 'short' }),
      )
    },
    go: async (trial) => {
      await prepare(trial)
      if (trial.victim === 'perform') publish()
      let after = tellTrial(trial)
      const told = await patient.kill(trial, wordsOf(trial, patient.standby()))
      if (!wasKilled(told)) return void (await patient.judge(after, told, ['interrupted']))
      after += `, hit ${told.place}`
      const dead = deadRun(box)
      await patient.see(after)
      const again = draw.chance(0.2)
      if (again) {
        const words = next()
        const died = await patient.kill(
          { victim: 'recovery', place: 'begin', share: 0.3 + draw.number(), way: 'SIGKILL' },
          words,
        )
        after += `, then ${words.join(' ')}, hit ${died.place}`
        await patient.see(after)
      }
      const words = next()
      after += `, then ${words.join(' ')}`
      const { facts, told: ended } = await patient.run(after, words)
      if (dead !== undefined && facts !== undefined)
        patient.find(after, brokenAftermath(dead, again ? undefined : ended.outcome, facts))
    },
    endTraffic: async () => {
      const reports = await Promise.all(traffic.map((each) => each.stop()))
      workers.stop()
      if (workers.twice() > 0)
        patient.find('all', as('wrong record', [`${workers.twice()} times two workers ran`]))
      const failures = reports.flatMap(({ failures, startedAtMs }) =>
        failures.map(({ atMs, method, reason }) => {
          return `${new Date(startedAtMs + atMs).toISOString()} ${method} ${reason}`
        }),
      )
      const sum = (of: 'sent' | 'failed') => reports.reduce((total, report) => total + report[of], 0)
      return { requests: sum('sent'), failed: sum('failed'), failures }
    },
    remove: async () => {
      workers.stop()
      await Promise.all(traffic.map((each) => each.stop()))
      await box.remove()
    },
  }
}

function deadRun(box: Sandbox): Dead | undefined {
  const journal = journalOf(box)
  return journal && { journal, snapshots: snapshotsOf(box).map((id) => metadataOf(box, id)) }
}

/** Where no user was led to it, nothing of a first run stays but what is shared. */
async function killFirst(patient: Patient, trial: Trial): Promise<void> {
  const { box } = patient
  const told = await patient.kill(trial, PERFORM)
  const after = `${tellTrial(trial)}, hit ${told.place}`
  await patient.see(after)
  await patient.run(after, ['cleanup'])
  if ((await patient.see(after))?.active !== undefined) return
  const shared = new RegExp(`^${box.app}[-_](redis|default)`)
  const proxy = await box.docker(['ps', '-aq', '--filter', `name=${box.app}-proxy`])
  const left = [
    ...(await traces(box)).filter((name) => !shared.test(name)),
    ...(proxy === '' ? [] : ['the proxy']),
  ]
  patient.find(after, as('leftover', left))
}
