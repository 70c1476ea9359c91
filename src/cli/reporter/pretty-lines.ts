import type { Event, StepSubject } from '../../app/events.ts'
import type { SkipReason, StepId } from '../../domain/steps.ts'
import { elapsedWords, timeWords } from './amount-words.ts'
import { fitLine, type Span, widthOf, wrap } from './fit.ts'
import { hookDone, hookFailed } from './hook-words.ts'
import { takingBackWords, theLine } from './line-words.ts'
import type { Look } from './look.ts'
import { noteWords } from './note-words.ts'
import { skipWords } from './skip-words.ts'
import { stepNumber, stepWords } from './step-words.ts'

/** A step that is skipped, as its event tells it. */
export type Skip = { step: StepId; subject: StepSubject; reason: SkipReason }

/** Whose run this is, and from which color to which. */
export function heading({ app, color, from }: StepSubject, { paint, signs }: Look): string[] {
  const colors =
    from === undefined ? [paint[color](color)] : [paint[from](from), signs.to, paint[color](color)]
  return ['', `${paint.strong(app)}  ${colors.join(' ')}`, '']
}

/** A step that is done. */
export function doneLine(event: Extract<Event, { type: 'step-done' }>, look: Look): string {
  const { paint, signs } = look
  const detail = event.detail === undefined ? '' : ` ${signs.dot} ${event.detail}`
  return stepLine(event.step, look, [
    { text: signs.done, brush: paint.good },
    { text: ` ${stepWords(event.step, event.subject).done} in ${timeWords(event.durationMs)}` },
    { text: detail, brush: paint.faint },
  ])
}

/** A step that failed. */
export function failedLine(event: Extract<Event, { type: 'step-failed' }>, look: Look): string {
  const { paint, signs } = look
  return stepLine(event.step, look, [
    { text: signs.failed, brush: paint.bad },
    { text: ` ${stepWords(event.step, event.subject).failed} after ${timeWords(event.durationMs)}` },
  ])
}

/** The step that runs; it is redrawn, so it must never wrap. */
export function runningLine(
  running: { step: StepId; subject: StepSubject; frame: number; progress: string; elapsedMs: number },
  look: Look,
): string {
  const { paint, signs } = look
  const { elapsedMs, frame, progress, step, subject } = running
  const elapsed = elapsedMs < 1000 ? '' : ` ${elapsedWords(elapsedMs)}`
  // One column stays free: in the last one many terminals wrap already.
  return stepLine(step, { ...look, columns: look.screen - 1 }, [
    { text: signs.spinner[frame % signs.spinner.length] ?? '', brush: paint.link },
    { text: ` ${stepWords(step, subject).doing}${signs.ellipsis}${elapsed}` },
    { text: progress === '' ? '' : ` ${signs.dot} ${progress}`, brush: paint.faint },
  ])
}

/** Steps in a row that are skipped for one reason share a line. */
export function skipLine(skips: readonly Skip[], look: Look): string {
  const { paint, signs } = look
  const [first] = skips
  const last = skips.at(-1)
  if (first === undefined || last === undefined) return ''
  const what =
    skips.length === 1
      ? stepWords(first.step, first.subject).noun
      : `steps ${stepNumber(first.step)}${signs.dash}${stepNumber(last.step)}`
  const text = ` Skipped ${what}: ${skipWords(first.reason, first.subject)}`
  return stepLine(first.step, look, [{ text: signs.skipped + text, brush: paint.faint }])
}

/** The begin of the way back. */
export function backLine({ step, subject }: Extract<Event, { type: 'taking-back' }>, look: Look): string {
  const { columns, paint, signs } = look
  const text = ` ${takingBackWords(step, subject)}`
  return fitLine([{ text: '    ' }, { text: signs.back, brush: paint.warn }, { text }], {
    columns,
    ellipsis: signs.ellipsis,
  })
}

/** What a hook does; its output bears its name. */
export function hookLine(
  event: Extract<Event, { type: 'hook-output' | 'hook-done' | 'hook-failed' }>,
  { columns, paint, signs }: Look,
): string {
  const fit = { columns, ellipsis: signs.ellipsis }
  if (event.type === 'hook-output')
    return fitLine(
      [{ text: `    ${event.hook} ${signs.bar} `, brush: paint.faint }, { text: event.text }],
      fit,
    )
  if (event.type === 'hook-done')
    return fitLine(
      [{ text: '    ' }, { text: signs.done, brush: paint.good }, { text: ` ${hookDone(event)}` }],
      fit,
    )
  const sign = event.ends
    ? { text: signs.failed, brush: paint.bad }
    : { text: signs.warning, brush: paint.warn }
  return fitLine([{ text: '    ' }, sign, { text: ` ${hookFailed(event)}` }], fit)
}

/** A note, below the step it belongs to. */
export function noteLines(note: Extract<Event, { type: 'note' }>['note'], look: Look): string[] {
  const { paint, signs } = look
  const { text, tone } = noteWords(note)
  const [first = '', ...rest] = wrap(text, look.columns - 6)
  const sign = tone === 'warning' ? paint.warn(signs.warning) : paint.faint(signs.dot)
  return [`    ${sign} ${first}`, ...rest.map((line) => `      ${line}`)]
}

function stepLine(step: StepId, { columns, paint, signs }: Look, spans: readonly Span[]): string {
  const number = { text: `${String(stepNumber(step)).padStart(3)} `, brush: paint.faint }
  return fitLine([number, ...spans], { columns, ellipsis: signs.ellipsis })
}

/** The line. */
export function rule({ columns, paint, signs }: Look): string {
  const text = `${signs.rule.repeat(2)} ${theLine} `
  return paint.link(text + signs.rule.repeat(Math.max(0, Math.min(columns, 80) - widthOf(text))))
}
