import { isBeforeTheLine, STEPS, type StepId } from '../../../src/domain/steps.ts'
import type { Draw } from './draw.ts'

/** What a killed program was about to do; `recovery`: whatever it was, it had to deal with a dead run first. */
export type Victim =
  | 'first perform'
  | 'perform'
  | 'switch'
  | 'rollback, warm'
  | 'rollback, cold'
  | 'cleanup'
  | 'recovery'

/** A step, or what is none: before the first one, after the last one. */
export type Place = StepId | 'begin' | 'close'

/** How a run is ended: `kill -9`; a person, or the system, who asks it to take back; a person who asks twice. */
type Way = 'SIGKILL' | 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGINT twice'

/** A command that is ended: at the begin of a step, or when a share of the time has passed that the step takes. */
export type Trial = { victim: Exclude<Victim, 'recovery'>; place: Place; share: number; way: Way }

const FROM_THE_LINE: readonly Place[] = [...STEPS.filter((step) => !isBeforeTheLine(step)), 'close']

/** Where each command can die. */
export const PLACES = {
  'first perform': ['shared', 'jobs', 'start', 'health', 'switch'],
  perform: ['begin', ...STEPS, 'close'],
  switch: ['begin', ...FROM_THE_LINE],
  'rollback, warm': ['begin', ...FROM_THE_LINE],
  'rollback, cold': ['begin', 'shared', 'start', 'health', ...FROM_THE_LINE],
  cleanup: ['begin'],
} satisfies Record<Exclude<Victim, 'recovery'>, readonly Place[]>

/** What a program was asked to do, in words of its command line. */
export function wordsOf({ victim }: { victim: Exclude<Victim, 'recovery'> }, standby: string): string[] {
  switch (victim) {
    case 'first perform':
    case 'perform':
      return ['perform', '--auto-switch']
    case 'switch':
      return ['switch', standby]
    case 'rollback, warm':
    case 'rollback, cold':
      return ['rollback']
    case 'cleanup':
      return ['cleanup']
  }
}

const ASKED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT twice'] as const

/** One trial in every place of every command but the first, in any order; half of them as the step begins. */
export function drawRound(draw: Draw): [Trial, ...Trial[]] {
  const victims = ['perform', 'switch', 'rollback, warm', 'rollback, cold'] as const
  const trials = victims.flatMap((victim) => PLACES[victim].map((place) => drawAt(draw, victim, place)))
  return [drawAt(draw, 'cleanup', 'begin'), ...draw.shuffled(trials)]
}

/** One trial anywhere. */
export function drawTrial(draw: Draw): Trial {
  return draw.pick(drawRound(draw))
}

function drawAt(draw: Draw, victim: Trial['victim'], place: Place): Trial {
  const share = place !== 'begin' && draw.chance(0.5) ? 0 : draw.number()
  return { victim, place, share, way: draw.chance(0.15) ? draw.pick(ASKED) : 'SIGKILL' }
}

export function tellTrial({ place, share, victim, way }: Trial): string {
  return `${way} of ${victim} at ${place}${share === 0 ? '' : ` + ${Math.round(share * 100)} %`}`
}
