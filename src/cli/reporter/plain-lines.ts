import type { Event } from '../../app/events.ts'
import { STEPS, type StepId } from '../../domain/steps.ts'
import { timeWords } from './amount-words.ts'
import { oneLine } from './fit.ts'
import { hookDone, hookFailed } from './hook-words.ts'
import { takingBackWords, theLine } from './line-words.ts'
import { noteWords } from './note-words.ts'
import { skipWords } from './skip-words.ts'
import { stepNumber, stepWords } from './step-words.ts'

/** Progress that comes faster than this is left out of files and pipes: a pull tells something ten times a second. */
const PROGRESS_EVERY_MS = 1000

/** Events in a file or a pipe: a line an event. Outcomes are shown elsewhere. */
export function createPlainLines(options: {
  write: (text: string) => void
  now: () => number
}): (event: Exclude<Event, { type: 'outcome' }>) => void {
  let lastProgress = { text: '', atMs: Number.NEGATIVE_INFINITY }
  return (event) => {
    if (event.type === 'step-progress') {
      const atMs = options.now()
      if (event.text === lastProgress.text || atMs - lastProgress.atMs < PROGRESS_EVERY_MS) return
      lastProgress = { text: event.text, atMs }
    }
    for (const line of linesOf(event)) options.write(`${oneLine(line)}\n`)
  }
}

function linesOf(event: Exclude<Event, { type: 'outcome' }>): string[] {
  switch (event.type) {
    case 'plan':
      return []
    case 'step-started': {
      const line = numbered(event.step, stepWords(event.step, event.subject).doing)
      return event.step === 'switch' ? [`------- ${theLine}`, line] : [line]
    }
    case 'step-progress':
      return [numbered(event.step, event.text)]
    case 'step-done': {
      const detail = event.detail === undefined ? '' : ` (${event.detail})`
      const done = stepWords(event.step, event.subject).done
      return [numbered(event.step, `${done} in ${timeWords(event.durationMs)}${detail}`)]
    }
    case 'step-skipped': {
      const { noun } = stepWords(event.step, event.subject)
      return [numbered(event.step, `Skipped ${noun}: ${skipWords(event.reason, event.subject)}`)]
    }
    case 'step-failed': {
      const { failed } = stepWords(event.step, event.subject)
      return [numbered(event.step, `${failed} after ${timeWords(event.durationMs)}`)]
    }
    case 'taking-back':
      return [numbered(event.step, takingBackWords(event.step, event.subject))]
    case 'hook-started':
      return []
    case 'hook-output':
      return [`${event.hook} | ${event.text}`]
    case 'hook-done':
      return [hookDone(event)]
    case 'hook-failed':
      return [event.ends ? hookFailed(event) : `warning: ${hookFailed(event)}`]
    case 'note': {
      const { text, tone } = noteWords(event.note)
      return [tone === 'warning' ? `warning: ${text}` : text]
    }
  }
}

function numbered(step: StepId, text: string): string {
  return `[${String(stepNumber(step)).padStart(2)}/${STEPS.length}] ${text}`
}
