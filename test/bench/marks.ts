import type { Row, TrafficRow } from './report.ts'

/** What must hold of the ratio, or of the figure itself. */
export type Mark = { of: 'ratio' | 'ours' } & Limit & {
    /** Where the mark comes from, if from elsewhere than these measurements. */
    source?: string
  }

type Limit = { most: number } | { least: number }

export type Verdict = 'ok' | 'missed' | 'no mark'

/** Whether the median keeps to its mark. */
export function judgeRow({ mark, ours, beside }: Pick<Row, 'mark' | 'ours' | 'beside'>): Verdict {
  const figures = mark?.of === 'ours' ? ours : beside?.ratio
  if (!mark || !figures) return 'no mark'
  const kept = 'most' in mark ? figures.median <= mark.most : figures.median >= mark.least
  return kept ? 'ok' : 'missed'
}

/** Whether requests were lost where none may be. */
export function judgeTraffic({
  mark,
  keepAlive,
  short,
}: Pick<TrafficRow, 'mark' | 'keepAlive' | 'short'>): Verdict {
  if (!mark) return 'no mark'
  return keepAlive.lost + short.lost === 0 ? 'ok' : 'missed'
}

/** A mark as the table shows it. */
export function describeMark(mark: Mark, unit: Row['unit']): string {
  const limit = 'most' in mark ? `≤ ${mark.most}` : `≥ ${mark.least}`
  return mark.of === 'ratio' ? limit : `${limit} ${unit}`
}
