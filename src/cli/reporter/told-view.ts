import type { Diagnostic, Place } from '../../domain/settings.ts'
import { countWords } from './amount-words.ts'
import { pad, widthOf, wrap } from './fit.ts'
import type { Look } from './look.ts'
import type { Next, Told, Why } from './told-failure.ts'

/** Log lines of a failure that are shown; the newest tell the most. */
const SHOWN_LOG_LINES = 20

/** What happened; the evidence; what users saw; what to do next. */
export function renderTold(told: Told, look: Look): string[] {
  const { paint, signs } = look
  const brush = told.sign === 'done' ? paint.good : paint.bad
  const [first = '', ...rest] = wrap(told.what, look.columns - 2)
  return [
    `${brush(signs[told.sign])} ${paint.strong(first)}`,
    ...rest.map((line) => `  ${paint.strong(line)}`),
    ...told.why.flatMap((why) => renderWhy(why, look)),
    ...(told.users === undefined ? [] : indented(told.users, 2, look)),
    ...renderNext(told.next, look),
  ]
}

/** The evidence and what to do next, two columns further in: below the line that says what happened. */
export function renderBelow({ next, why }: Pick<Told, 'why' | 'next'>, look: Look): string[] {
  const narrow = { ...look, columns: look.columns - 2 }
  const lines = [...why.flatMap((each) => renderWhy(each, narrow)), ...renderNext(next, narrow)]
  return lines.map((line) => `  ${line}`)
}

/** What somebody should know, behind the sign of a warning. */
export function renderWarning(text: string, { columns, paint, signs }: Look): string[] {
  return wrap(text, columns - 2).map(
    (line, index) => `${index === 0 ? paint.warn(signs.warning) : ' '} ${line}`,
  )
}

/** The commands to paste, one a line and never broken; what each gives stands beside it where there is room. */
export function renderNext(next: readonly Next[], look: Look): string[] {
  const { paint, signs } = look
  const margin = widthOf(signs.next) + 3
  const room = (run: string, gives = '') => look.columns - margin - widthOf(run) - 2 - widthOf(gives)
  const runs = next.flatMap((each) => ('run' in each && each.gives !== undefined ? [each.run] : []))
  const widest = Math.max(0, ...runs.map(widthOf))
  const aligned = next.every((each) => !('run' in each) || room(' '.repeat(widest), each.gives) >= 0)
  return next.flatMap((each) => {
    const arrow = `  ${paint.link(signs.next)} `
    if ('words' in each) {
      const [first = '', ...rest] = wrap(each.words, look.columns - margin)
      return [arrow + first, ...rest.map((line) => ' '.repeat(margin) + line)]
    }
    if (each.gives === undefined) return [arrow + paint.strong(each.run)]
    if (room(each.run, each.gives) >= 0)
      return [`${arrow}${paint.strong(pad(each.run, aligned ? widest : 0))}  ${paint.faint(each.gives)}`]
    const gives = wrap(each.gives, look.columns - margin - 2)
    return [
      arrow + paint.strong(each.run),
      ...gives.map((line) => `${' '.repeat(margin + 2)}${paint.faint(line)}`),
    ]
  })
}

/** Several things can have the same cure. */
export function onceEach(next: readonly Next[]): Next[] {
  const runs = next.map((each) => ('run' in each ? each.run : each.words))
  return next.filter((_, index) => runs.indexOf(runs[index] ?? '') === index)
}

function renderWhy(why: Why, look: Look): string[] {
  if (typeof why === 'string') return indented(why, 2, look)
  if ('place' in why) return [`  ${look.paint.link(placeWords(why.place))}`, ...renderPlace(why.place, look)]
  if ('diagnostics' in why) return why.diagnostics.flatMap((each) => renderDiagnostic(each, look))
  const hidden = why.log.length - SHOWN_LOG_LINES
  const shown = why.log.slice(-SHOWN_LOG_LINES)
  const bar = look.paint.faint(look.signs.bar)
  return [
    ...(hidden > 0
      ? [`  ${bar} ${look.paint.faint(`${look.signs.ellipsis} ${countWords(hidden, 'line')} before`)}`]
      : []),
    ...shown.map((line) => `  ${bar} ${line}`),
  ]
}

/** One thing wrong with a file: where, what, the line itself with a caret, and what to write instead. */
function renderDiagnostic({ hint, message, path, place }: Diagnostic, look: Look): string[] {
  const { paint } = look
  const where = place === undefined ? '' : placeWords(place)
  const what = path === '' ? message : `${path}: ${message}`
  return [
    ...(where === '' ? [] : [`  ${paint.link(where)}`]),
    ...indented(what, 4, look),
    ...(place === undefined ? [] : renderPlace(place, look)),
    ...(hint === undefined ? [] : indented(hint, 4, look).map(paint.faint)),
  ]
}

function placeWords({ column, file, line }: Place): string {
  return `${file}:${line}:${column}`
}

/** The source line cut around the column that is meant, and a caret below it. */
function renderPlace({ column, line, text }: Place, look: Look): string[] {
  const { paint, signs } = look
  const number = String(line)
  const room = look.columns - number.length - 7
  const at = Math.max(0, column - 1)
  const from = text.length <= room || at < room - 10 ? 0 : at - Math.floor(room / 2)
  const shown = text.slice(from, from + room)
  const before = widthOf(text.slice(from, at))
  return [
    `    ${paint.faint(`${number} ${signs.bar}`)} ${shown}`,
    `    ${paint.faint(`${' '.repeat(number.length)} ${signs.bar}`)} ${' '.repeat(before)}${paint.bad('^')}`,
  ]
}

function indented(text: string, by: number, look: Look): string[] {
  return wrap(text, look.columns - by).map((line) => ' '.repeat(by) + line)
}
