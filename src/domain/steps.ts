import type { Hook } from './hooks.ts'

/** The steps of a deployment, in order (README's table is this list). The line is between smoke and switch. */
export const STEPS = [
  'preflight',
  'images',
  'snapshot',
  'shared',
  'jobs',
  'start',
  'health',
  'smoke',
  'switch',
  'confirm',
  'singletons',
  'watch',
  'drain',
  'cleanup',
] as const

export type StepId = (typeof STEPS)[number]

/** Where a step stands to the moment of the switch: before it users see nothing. */
export function isBeforeTheLine(step: StepId): boolean {
  return STEPS.indexOf(step) < STEPS.indexOf('switch')
}

/** Why a planned step has nothing to do. */
export type SkipReason =
  | 'no-shared-services'
  | 'no-jobs'
  | 'no-singletons'
  | 'no-smoke-tests'
  | 'health-not-asked'
  | 'watch-not-configured'
  | 'stays-warm'
  | 'nothing-to-drain'
  | 'cleanup-not-asked'
  | 'own-are-kept'
  | 'not-switched'
  | 'still-running'
  | 'from-snapshot'
  | 'pull-and-build-not-asked'

/** `hook` runs before the step, skipped or not. */
export type PlannedStep = { id: StepId; skip: SkipReason | undefined; hook?: Hook | undefined }
