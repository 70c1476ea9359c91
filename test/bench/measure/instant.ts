import { spread } from '../figures.ts'
import type { Moment } from '../overlap.ts'
import type { Row } from '../report.ts'

/** How much of an instant a switch is, of moments that say when the proxy was told. */
export function instantRows(moments: readonly Moment[], under: string): Row[] {
  const row = { unit: 'ms', rounds: moments.length, beside: undefined } as const
  return [
    {
      ...row,
      what: `First answer of the new release since nginx was told, ${under}`,
      ours: spread(moments.map(({ sinceToldMs = Number.NaN }) => sinceToldMs)),
      mark: { of: 'ours', most: 10 },
    },
    {
      ...row,
      what: `Begin of the last request to the old release since that answer, ${under}`,
      ours: spread(moments.map(({ firstNewMs, lastOldMs }) => lastOldMs - firstNewMs)),
      mark: { of: 'ours', most: 1 },
    },
  ]
}
