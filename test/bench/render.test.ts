import { describe, expect, test } from 'vitest'
import { PART_NAMES } from './part-names.ts'
import { renderReport } from './render.ts'
import { exitCodeOf, type Findings, type Report, rowOf, trafficRowOf } from './report.ts'
import { renderTable } from './table.ts'
import type { Stretch } from './under-traffic.ts'

const machine = {
  date: '2026-01-29',
  commit: 'abc1234',
  cpu: 'A Processor',
  cores: 2,
  memoryGiB: 23.6,
  kernel: '6.1',
  node: '20.19.0',
  docker: '20.10.24',
  compose: '2.26.1',
  nginx: '1.30.6',
  others: { HAProxy: '2.6.12' },
}

const ratio = rowOf(
  { ours: [1900, 2100, 2000], theirs: [2000, 2000, 2000] },
  { what: 'Throughput', against: 'by hand', unit: 'requests/s', mark: { of: 'ratio', least: 0.95 } },
)

const stretch = (lost: number): Stretch => ({
  moments: [{ commandMs: 200, firstNewMs: 90, lastOldMs: 85 }],
  latencies: { during: [], calm: [] },
  tallies: { 'keep-alive': { sent: 1_000, lost }, short: { sent: 100, lost: 0 } },
  reasons: lost > 0 ? ['ECONNRESET'] : [],
  longestGapMs: 12,
  endsOn: '2',
})

function report(change: Partial<Report> = {}): Report {
  return { size: 'full', parts: PART_NAMES, machine, rows: [ratio], traffic: [], gaps: [], ...change }
}

describe('the report', () => {
  test('names the day, the commit, the machine and all versions', () => {
    const text = renderReport(report())
    expect(text).toContain('Measured on 2026-01-29 at abc1234: A Processor, 2 cores,\n24 GiB; Linux 6.1')
    expect(text).toContain('nginx 1.30.6, Node 20.19.0, HAProxy 2.6.12.')
  })

  test('says that it is a quick one, or one of a few parts', () => {
    const text = renderReport(report({ size: 'quick', parts: ['memory'] }))
    expect(text).toContain('at abc1234, in a quick run, only memory:')
  })

  test('has a row for each comparison, with its mark and whether it was kept', () => {
    const [, , row] = renderReport(report()).split('\n\n')[1]?.split('\n') ?? []
    expect(row).toBe(
      '| Throughput | 3      | 2000 (1900–2100) requests/s | by hand           | 2000 (2000–2000) requests/s | 1.00 (0.95–1.05) | ≥ 0.95 | ok  |',
    )
  })

  test('has a row for each way of switching, summed over its stretches', () => {
    const row = trafficRowOf([stretch(0), stretch(3)], { what: 'by hand', mark: 'none lost' })
    expect(row).toMatchObject({
      switches: 2,
      keepAlive: { sent: 2_000, lost: 3 },
      short: { sent: 200, lost: 0 },
      overlapMs: { median: -5 },
    })
    const text = renderReport(report({ traffic: [row] }))
    expect(text).toContain('| by hand            | 2        | 3 of 2000')
    expect(text).toMatch(/1\.5 \(ECONNRESET\) .* missed \|/)
  })

  test('has a row, in one line, for what was not measured', () => {
    const text = renderReport(
      report({ gaps: [{ what: 'flat', kind: 'failed', why: 'it ended:\n  badly\n' }] }),
    )
    expect(text).toContain('| flat         | failed | it ended: badly')
  })
})

describe('the exit code', () => {
  const lossy = trafficRowOf([stretch(1)], { what: 'ours', mark: 'none lost' })
  const slow = { ...ratio, mark: { of: 'ratio', most: 0.5 } } as const
  test.each<[Findings, 'tell' | 'fail', 0 | 1]>([
    [{ rows: [ratio] }, 'tell', 0],
    [{ rows: [slow] }, 'tell', 0],
    [{ rows: [slow] }, 'fail', 1],
    [{ traffic: [lossy] }, 'tell', 1],
    [{ traffic: [{ ...lossy, mark: undefined }] }, 'fail', 0],
    [{ gaps: [{ what: 'Caddy', kind: 'not installed', why: '' }] }, 'fail', 0],
    [{ gaps: [{ what: 'flat', kind: 'failed', why: '' }] }, 'tell', 1],
    [{ gaps: [{ what: 'flat', kind: 'no time', why: '' }] }, 'tell', 1],
  ])('case %#', (findings, missed, code) => expect(exitCodeOf(findings, missed)).toBe(code))
})

test('the columns of a table stand one below the other', () =>
  expect(renderTable(['What', ''], [['long words', 'ok'], ['x']])).toBe(
    ['| What       |     |', '|------------|-----|', '| long words | ok  |', '| x          |     |'].join(
      '\n',
    ),
  ))
