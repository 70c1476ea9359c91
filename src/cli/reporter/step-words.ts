import type { StepSubject } from '../../app/events.ts'
import { STEPS, type StepId } from '../../domain/steps.ts'

/** A step in words: one verb in three tenses, what it is called, and how it is taken back. */
export type StepWords = { todo: string; doing: string; done: string; noun: string; takingBack: string }

/** A step's number, 1 to 14, the same in the plan, on the terminal and in the README. */
export function stepNumber(step: StepId): number {
  return STEPS.indexOf(step) + 1
}

/** The words of every step, for what it works on. */
export function stepWords(step: StepId, subject: StepSubject): StepWords {
  const { color, from, release } = subject
  const snapshot = release === undefined ? 'a snapshot' : `snapshot ${release}`
  const old = from ?? 'the old color'
  switch (step) {
    case 'preflight':
      return verb(['Check', 'Checking', 'Checked'], 'the machine and the configuration', {
        noun: 'the checks',
        takingBack: 'Leaving everything as it was',
      })
    case 'images':
      return verb(['Prepare', 'Preparing', 'Prepared'], 'images', {
        noun: 'images',
        takingBack: 'Leaving the new images where they are',
      })
    case 'snapshot':
      return verb(['Take', 'Taking', 'Took'], snapshot, {
        noun: 'the snapshot',
        takingBack: `Removing ${snapshot}`,
      })
    case 'shared':
      return verb(['Ensure', 'Ensuring', 'Ensured'], 'that shared services run', {
        noun: 'shared services',
        takingBack: 'Leaving shared services running',
      })
    case 'jobs':
      return verb(['Run', 'Running', 'Ran'], 'jobs', {
        noun: 'jobs',
        takingBack: 'Leaving what the jobs changed: only a person can judge that',
      })
    case 'start':
      return verb(['Start', 'Starting', 'Started'], color, {
        noun: `starting ${color}`,
        takingBack: `Removing ${color}`,
      })
    case 'health':
      return verb(['Check', 'Checking', 'Checked'], `that ${color} is healthy`, {
        noun: 'the health check',
        takingBack: `No longer waiting for ${color}`,
      })
    case 'smoke':
      return verb(['Test', 'Testing', 'Tested'], `${color} through its preview`, {
        noun: 'smoke tests',
        takingBack: `No longer testing ${color}`,
      })
    case 'switch':
      return verb(['Switch', 'Switching', 'Switched'], `users to ${color}`, {
        noun: 'the switch',
        takingBack: from === undefined ? 'Taking users off again' : `Switching users back to ${from}`,
      })
    case 'confirm':
      return verb(['Confirm', 'Confirming', 'Confirmed'], `that ${color} answers`, {
        noun: 'the confirmation',
        takingBack: `Confirming that ${old} answers`,
      })
    case 'singletons':
      return verb(['Hand', 'Handing', 'Handed'], `singletons over to ${color}`, {
        noun: 'singletons',
        takingBack: `Handing singletons back to ${old}`,
      })
    case 'watch':
      return verb(['Watch', 'Watching', 'Watched'], color, {
        noun: 'the watch',
        takingBack: `No longer watching ${color}`,
      })
    case 'drain':
      return verb(['Drain', 'Draining', 'Drained'], old, {
        noun: `draining ${old}`,
        takingBack: `Draining ${color}`,
      })
    case 'cleanup':
      return verb(['Clean', 'Cleaning', 'Cleaned'], `up ${from ?? 'old releases'}`, {
        noun: 'the clean-up',
        takingBack: `Starting ${old} again`,
      })
  }
}

function verb(
  tenses: readonly [string, string, string],
  object: string,
  rest: { noun: string; takingBack: string },
): StepWords {
  const [todo, doing, done] = tenses
  return { todo: `${todo} ${object}`, doing: `${doing} ${object}`, done: `${done} ${object}`, ...rest }
}
