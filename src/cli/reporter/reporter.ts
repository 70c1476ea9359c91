import type { Emit, Event } from '../../app/events.ts'
import type { View } from '../../app/views.ts'
import type { Failure } from '../../domain/failure.ts'
import { type BugContext, tellBug } from './bug-words.ts'
import { tellFailure } from './failure-words.ts'
import { createJsonReporter } from './json-reporter.ts'
import { createLiveLine, noLiveLine } from './live-line.ts'
import { createLook } from './look.ts'
import { harmless } from './neutralise.ts'
import { type Seen, tellOutcome } from './outcome-words.ts'
import { createPlainLines } from './plain-lines.ts'
import { createPrettySteps } from './pretty-steps.ts'
import type { FailureContext, Told } from './told-failure.ts'
import { renderTold } from './told-view.ts'
import { usersOfFailure } from './users-words.ts'
import { renderView } from './view.ts'

/** Where and how a command's words go. */
export type ReporterOptions = {
  mode: 'pretty' | 'plain' | 'json'
  /** Color may be right on one stream and wrong on the other, which is a file. */
  color: { out: boolean; err: boolean }
  /** Asked before each line: people resize terminals. */
  columns: () => number
  unicode: boolean
  /** Whether stderr is a terminal on which a line can be redrawn. */
  live: boolean
  /** stdout: results. */
  out: (text: string) => void
  /** stderr: progress and failures. */
  err: (text: string) => void
  /** ms, for how long a step has been running. */
  now?: () => number
}

/** Tells people, files or programs what happens. */
export type Reporter = {
  emit: Emit
  /** What a command found that only looked. */
  show(view: View): void
  /** A failure outside a run. */
  failure(failure: Failure, context: FailureContext): void
  /** A mistake of this tool. */
  bug(error: unknown, context: BugContext): void
  /** Ends the live line and writes what was held back: before a question, another program's output, the end. */
  rest(): void
}

/** The reporter for a mode. */
export function createReporter(options: ReporterOptions): Reporter {
  return options.mode === 'json' ? createJsonReporter(options) : createTextReporter(options)
}

function createTextReporter(options: ReporterOptions): Reporter {
  const { columns, err, mode, out, unicode } = options
  const look = { out: lookAt('out'), err: lookAt('err') }
  const steps = mode === 'pretty' ? prettySteps() : plainSteps()
  const seen: Seen = { subject: undefined, cleanedUp: false, containers: 'kept' }

  function lookAt(stream: 'out' | 'err') {
    return () => createLook({ columns: columns(), unicode, color: options.color[stream] })
  }
  function prettySteps() {
    const live = options.live ? createLiveLine(err) : noLiveLine(err)
    return createPrettySteps({ look: look.err, live, now: clockOf(options) })
  }
  function plainSteps() {
    return { emit: createPlainLines({ write: err, now: clockOf(options) }), rest: () => undefined }
  }
  function tell(told: Told) {
    steps.rest()
    const stream = told.sign === 'done' ? 'out' : 'err'
    const gap = mode === 'pretty' && seen.subject !== undefined ? ['\n'] : []
    const lines = renderTold(told, look[stream]()).map((line) => `${line}\n`)
    options[stream]([...gap, ...lines].join(''))
  }

  return {
    emit(raw) {
      const event = harmless(raw)
      if (event.type === 'outcome') return tell(tellOutcome(event, seen))
      remember(event, seen)
      steps.emit(event)
    },
    show(view) {
      steps.rest()
      out(
        renderView(harmless(view), look.out())
          .map((line) => `${line}\n`)
          .join(''),
      )
    },
    failure(raw, context) {
      const failure = harmless(raw)
      tell({ sign: 'failed', ...tellFailure(failure, context), users: usersOfFailure(context, failure) })
    },
    bug: (error, context) => tell(harmless(tellBug(error, context))),
    rest: steps.rest,
  }
}

function remember(event: Event, seen: Seen): void {
  if ('subject' in event) seen.subject = event.subject
  if (event.type === 'step-done' && event.step === 'cleanup') seen.cleanedUp = true
  if (event.type === 'step-started' && event.step === 'start') seen.containers = 'removed'
  if (event.type === 'note' && event.note.note === 'kept-for-inspection') seen.containers = 'kept'
}

function clockOf({ now }: ReporterOptions): () => number {
  return now ?? (() => performance.now())
}
