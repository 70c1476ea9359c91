import type { Event } from '../../app/events.ts'
import type { LiveLine } from './live-line.ts'
import type { Look } from './look.ts'
import {
  backLine,
  doneLine,
  failedLine,
  heading,
  hookLine,
  noteLines,
  rule,
  runningLine,
  type Skip,
  skipLine,
} from './pretty-lines.ts'

type StepEvent = Exclude<Event, { type: 'outcome' }>

/** Events on a terminal: a line a step, the one that runs redrawn in place. Outcomes are shown elsewhere. */
export function createPrettySteps(options: { look: () => Look; live: LiveLine; now: () => number }): {
  emit(event: StepEvent): void
  /** Writes what was held back and ends the live line. */
  rest(): void
} {
  const { live, look } = options
  let headed = false
  // Below it there is an empty line already.
  let atHeading = false
  let skips: Skip[] = []
  let progress = ''

  const print = (lines: readonly string[]) => {
    live.above(lines.map((line) => `${line}\n`).join(''))
    atHeading = false
  }
  const flush = () => {
    if (skips.length > 0) print([skipLine(skips, look())])
    skips = []
  }
  const head = (event: StepEvent) => {
    if (!headed && 'subject' in event) {
      print(heading(event.subject, look()))
      headed = true
      atHeading = true
    }
  }
  const run = ({ step, subject }: Extract<Event, { type: 'step-started' }>) => {
    const beganMs = options.now()
    progress = ''
    if (step === 'switch') print([...(atHeading ? [] : ['']), rule(look()), ''])
    live.show((frame) =>
      runningLine({ step, subject, frame, progress, elapsedMs: options.now() - beganMs }, look()),
    )
  }

  return {
    rest() {
      live.hide()
      flush()
    },
    emit(event) {
      head(event)
      if (event.type === 'step-progress') progress = event.text
      else if (event.type === 'step-skipped') {
        if (skips[0]?.reason !== event.reason) flush()
        skips.push(event)
      } else {
        flush()
        if (event.type === 'step-done' || event.type === 'step-failed') live.hide()
        if (event.type === 'step-started') run(event)
        else print(linesOf(event, look()))
      }
    },
  }
}

function linesOf(
  event: Exclude<StepEvent, { type: 'step-started' | 'step-progress' | 'step-skipped' }>,
  look: Look,
): string[] {
  switch (event.type) {
    case 'plan':
      return []
    case 'step-done':
      return [doneLine(event, look)]
    case 'step-failed':
      return [failedLine(event, look)]
    case 'taking-back':
      return [backLine(event, look)]
    case 'hook-started':
      return []
    case 'hook-output':
    case 'hook-done':
    case 'hook-failed':
      return [hookLine(event, look)]
    case 'note':
      return noteLines(event.note, look)
  }
}
