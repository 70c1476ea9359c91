import { setTimeout as sleep } from 'node:timers/promises'
import type { FailureCode } from '../../../src/domain/failure.ts'
import type { PrivateEngine } from '../private-engine.ts'
import type { Draw } from './draw.ts'
import { as } from './laws.ts'
import type { Patient } from './patient.ts'
import { QUICK_SETTINGS } from './shop.ts'

/** What goes wrong in a run that nobody kills. */
export const FAULTS = {
  exits: ['container-exited', 'container-restarting', 'start-failed'],
  unwell: ['never-healthy', 'became-unhealthy', 'smoke-failed'],
  'job fails': ['job-failed'],
  'hook fails': ['hook-failed'],
  'slow engine': ['timed-out', 'engine-unreachable', 'never-healthy'],
  none: [],
} as const satisfies Record<string, readonly FailureCode[]>

export type Fault = keyof typeof FAULTS

const PERFORM = ['perform', '--auto-switch']
const FAILING_HOOK = 'hooks: { pre_switch: { command: ["false"] } }\n'

/** Performs a release that meets a fault, and judges all that is left of it. */
export async function performWith(fault: Fault, { draw, engine, patient }: FaultOptions): Promise<void> {
  const failure: readonly FailureCode[] = FAULTS[fault]
  switch (fault) {
    case 'exits':
    case 'unwell':
    case 'job fails': {
      patient.publish(fault)
      await mustFail(patient, fault, failure)
      return patient.publish()
    }
    case 'hook fails': {
      patient.publish()
      patient.box.write('upgrade.yaml', `${QUICK_SETTINGS}${FAILING_HOOK}`)
      await mustFail(patient, fault, failure)
      return patient.box.write('upgrade.yaml', QUICK_SETTINGS)
    }
    case 'slow engine': {
      patient.publish()
      const slow = sleep(draw.below(4_000)).then(() => engine.pause(500 + draw.below(2_000)))
      await Promise.all([slow, patient.run(fault, PERFORM, failure)])
      return
    }
    case 'none': {
      patient.publish()
      await patient.run(fault, PERFORM)
    }
  }
}

type FaultOptions = { draw: Draw; engine: PrivateEngine; patient: Patient }

async function mustFail(patient: Patient, fault: Fault, failure: readonly FailureCode[]): Promise<void> {
  const { told } = await patient.run(fault, PERFORM, failure)
  if (told.code === 0) patient.find(fault, as('wrong end', ['it succeeded']))
}
