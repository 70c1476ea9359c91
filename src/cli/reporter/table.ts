import { fitLine, pad, type Span, widthOf, wrap } from './fit.ts'
import type { Look } from './look.ts'

/** Rows in columns, two spaces apart; the last cell wraps below itself, or goes below where no room is left. */
export function renderTable(rows: readonly (readonly Span[])[], look: Look, indent = 2): string[] {
  return renderRows(rows, look, indent).flat()
}

/** The lines of each row of a table. */
export function renderRows(rows: readonly (readonly Span[])[], look: Look, indent = 2): string[][] {
  const count = Math.max(1, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count - 1 }, (_, column) =>
    Math.max(...rows.map((row) => (column < row.length - 1 ? widthOf(row[column]?.text ?? '') : 0))),
  )
  return rows.map((row) => renderRow(row, { widths, look, indent }))
}

function renderRow(
  row: readonly Span[],
  { indent, look, widths }: { widths: readonly number[]; look: Look; indent: number },
): string[] {
  const cells = row
    .slice(0, -1)
    .map((cell, column) => ({ ...cell, text: `${pad(cell.text, widths[column] ?? 0)}  ` }))
  const last = row.at(-1) ?? { text: '' }
  const margin = ' '.repeat(indent)
  const used = indent + cells.reduce((sum, cell) => sum + widthOf(cell.text), 0)
  const room = look.columns - used
  const ellipsis = look.signs.ellipsis
  const left = fitLine([{ text: margin }, ...cells], { columns: look.columns, ellipsis })
  const brush = last.brush ?? ((text: string) => text)
  const below = room < Math.min(24, widthOf(last.text))
  const [first = '', ...rest] = wrap(last.text, below ? look.columns - indent - 4 : room)
  const next = ' '.repeat(below ? indent + 4 : used)
  if (below) return [left.trimEnd(), ...[first, ...rest].map((line) => next + brush(line))]
  return [first === '' ? left.trimEnd() : left + brush(first), ...rest.map((line) => next + brush(line))]
}
