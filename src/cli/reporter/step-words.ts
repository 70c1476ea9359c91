import type { StepSubject } from '../../app/events.ts'
import { STEPS, type StepId } from '../../domain/steps.ts'
import { sentence } from './amount-words.ts'

/** A step in words: one verb in three tenses, its failure, and what it is called. */
export type StepWords = { todo: string; doing: string; done: string; failed: string; noun: string }

/** A step's number, 1 to 14, the same in the plan, on the terminal and in the README. */
export function stepNumber(step: StepId): number {
  return STEPS.indexOf(step) + 1
}

/** The words of every step, for what it works on. */
export function stepWords(step: StepId, subject: StepSubject): StepWords {
  const { color, from, own, release } = subject
  const snapshot = release === undefined ? 'a snapshot' : `snapshot ${release}`
  const old = from ?? 'the old color'
  switch (step) {
    case 'preflight':
      return {
        ...verb(['Check', 'Checking', 'Checked'], 'what is needed', 'the checks'),
        failed: 'Found something in the way',
      }
    case 'images':
      return verb(['Prepare', 'Preparing', 'Prepared'], 'images', 'images')
    case 'snapshot':
      return verb(['Take', 'Taking', 'Took'], snapshot, 'the snapshot')
    case 'shared':
      return verb(['Ensure', 'Ensuring', 'Ensured'], 'that shared services run', 'shared services')
    case 'jobs':
      return verb(['Run', 'Running', 'Ran'], 'jobs', 'jobs')
    case 'start':
      return verb(['Start', 'Starting', 'Started'], color, `starting ${color}`)
    case 'health':
      return {
        todo: `Wait until ${color} becomes healthy`,
        doing: `Waiting until ${color} becomes healthy`,
        done: `${sentence(color)} became healthy`,
        failed: `${sentence(color)} did not become healthy`,
        noun: 'the health check',
      }
    case 'smoke':
      return {
        ...verb(['Test', 'Testing', 'Tested'], `${color} through its preview`, 'smoke tests'),
        failed: `${sentence(color)} failed its tests`,
      }
    case 'switch':
      return verb(['Switch', 'Switching', 'Switched'], `users to ${color}`, 'the switch')
    case 'confirm':
      return verb(['Confirm', 'Confirming', 'Confirmed'], `that ${color} answers`, 'the confirmation')
    case 'singletons':
      return verb(['Hand', 'Handing', 'Handed'], `singletons over to ${color}`, 'singletons')
    case 'watch':
      return {
        ...verb(['Watch', 'Watching', 'Watched'], color, 'the watch'),
        failed: `${sentence(color)} failed while it was watched,`,
      }
    case 'drain':
      if (own !== undefined)
        return verb(['Stop', 'Stopping', 'Stopped'], 'your own containers', 'your own containers')
      return verb(['Drain', 'Draining', 'Drained'], old, `draining ${old}`)
    case 'cleanup':
      return verb(['Clean', 'Cleaning', 'Cleaned'], `up ${from ?? 'old releases'}`, 'the clean-up')
  }
}

function verb(tenses: readonly [string, string, string], object: string, noun: string): StepWords {
  const [todo, doing, done] = tenses
  return {
    todo: `${todo} ${object}`,
    doing: `${doing} ${object}`,
    done: `${done} ${object}`,
    failed: `Could not ${todo.toLowerCase()} ${object}`,
    noun,
  }
}
