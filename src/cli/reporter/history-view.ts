import type { HistoryView } from '../../app/views.ts'
import type { HistoryEntry } from '../../domain/release.ts'
import { reasonWords, timeWords } from './amount-words.ts'
import { type Span, wrap } from './fit.ts'
import type { Look } from './look.ts'
import { momentWords } from './moment-words.ts'
import { setAsideWords } from './note-words.ts'
import { renderTable } from './table.ts'
import { renderNext, renderWarning } from './told-view.ts'

/** Switches and attempts, newest first. */
export function renderHistory({ app, entries, setAside, total }: HistoryView, look: Look): string[] {
  const lost = setAside.flatMap((each) => renderWarning(setAsideWords(each), look))
  if (entries.length === 0 && lost.length > 0) {
    return [
      `Nothing is left of what was written down of ${app}.`,
      '',
      ...lost,
      ...renderNext([{ run: 'upgrade status', gives: 'tells what runs' }], look),
    ]
  }
  if (entries.length === 0) {
    return [
      `Nothing of ${app} was deployed yet.`,
      ...renderNext([{ run: 'upgrade perform --auto-switch', gives: 'makes the first release' }], look),
    ]
  }
  const table = renderTable(
    entries.map((entry) => entryRow(entry, look)),
    look,
    0,
  )
  const hidden = total - entries.length
  if (hidden === 0) return [...table, ...lost]
  return [
    ...table,
    look.paint.faint(`${look.signs.ellipsis} and ${hidden} older`),
    ...lost,
    ...renderNext([{ run: `upgrade history --limit ${total}`, gives: 'shows all' }], look),
  ]
}

/** One entry as `status` lists it; one that moved nobody says so, and why. */
export function historyLine(entry: HistoryEntry, look: Look): string[] {
  const words = resultWords(entry)
  const colors = `  ${momentWords(entry.at)} | ${entry.from ?? 'none'} ${look.signs.to} ${entry.to}`
  if (words === undefined) return [colors]
  const [first = '', ...rest] = wrap(`${colors} | ${words}`, look.columns)
  return [first, ...rest.map((line) => look.paint.faint(`    ${line.trimStart()}`))]
}

const MOVED: readonly HistoryEntry['result'][] = ['switched', 'prepared', 'finished-late', 'ejected']

function entryRow(entry: HistoryEntry, { paint, signs }: Look): Span[] {
  const sign = { text: signs.done, brush: paint.good }
  const notMoved = { text: signs.failed, brush: paint.bad }
  const moved = MOVED.includes(entry.result)
  return [
    moved ? sign : notMoved,
    { text: momentWords(entry.at) },
    { text: entry.command },
    { text: `${entry.from ?? 'none'} ${signs.to} ${entry.to}` },
    { text: timeWords(entry.durationMs), brush: paint.faint },
    { text: entry.user, brush: paint.faint },
    {
      text: [entry.release, entry.result === 'switched' ? undefined : resultWords(entry)]
        .filter((word) => word !== undefined)
        .join(', '),
    },
  ]
}

function resultWords({ command, reason, result }: HistoryEntry): string | undefined {
  const why = reason === undefined ? '' : `: ${reasonWords(reason)}`
  switch (result) {
    case 'switched':
      return command.startsWith('rollback') ? 'rollback' : undefined
    case 'prepared':
      return 'prepared, not switched'
    case 'rolled-back':
      return `rolled back${why}`
    case 'aborted':
      return `aborted${why}`
    case 'taken-back':
      return `taken back${why}`
    case 'ejected':
      return `given back to docker compose${why}`
    case 'finished-late':
      return `finished late${why}`
  }
}
