import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../../src/domain/outcome.ts'
import { ADOPTING_RUN, EJECTING_RUN, GIVING_BACK_RUN, GOING_BACK_RUN } from './adoption-samples.ts'
import { record, tooWide } from './record.ts'
import {
  ABORTED_RUN,
  HOOKED_RUN,
  INTERRUPTED_RUN,
  OUTCOMES,
  PREPARED_RUN,
  ROLLED_BACK_RUN,
  RUN,
} from './samples.ts'

const RUNS = {
  switched: RUN,
  prepared: PREPARED_RUN,
  aborted: ABORTED_RUN,
  'rolled-back': ROLLED_BACK_RUN,
  interrupted: INTERRUPTED_RUN,
  hooked: HOOKED_RUN,
  adopting: ADOPTING_RUN,
  'giving-back': GIVING_BACK_RUN,
  ejecting: EJECTING_RUN,
  'going-back': GOING_BACK_RUN,
}

describe.each(Object.entries(RUNS))('a run that ends %s', (name, events) => {
  test.each([80, 160])('reads well on a terminal of %i columns', async (columns) => {
    const text = record({ columns }).events(events)
    expect(tooWide(text, columns)).toEqual([])
    await expect(text).toMatchFileSnapshot(`files/run-${name}-${columns}.txt`)
    // What is said of a step is said to its end; only what a hook prints can have any length.
    expect(text.split('\n').filter((line) => line.endsWith('…') && !line.includes('│'))).toEqual([])
  })

  test('reads well where only ASCII can be shown', async () => {
    const text = record({ unicode: false }).events(events)
    expect(text).toMatch(/^[\n\x20-\x7e]*$/)
    await expect(text).toMatchFileSnapshot(`files/run-${name}-ascii.txt`)
  })

  test('is a line an event in a pipe', async () => {
    const text = record({ mode: 'plain' }).events(events)
    expect(text).not.toContain('\u001b')
    await expect(text).toMatchFileSnapshot(`files/run-${name}-plain.txt`)
  })

  test('is one event a line, and nothing else, as JSON', async () => {
    const text = record({ mode: 'json' }).events(events)
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(events)))
    await expect(text).toMatchFileSnapshot(`files/run-${name}.jsonl`)
  })
})

test('the line stands apart from what is above it, by one empty line', () => {
  const fromTheLine = RUN.filter((event) => event.type === 'step-started' && event.step === 'switch')
  for (const events of [RUN, fromTheLine]) expect(record().events(events)).toMatch(/\S\n\n── the line/)
})

test('every way a command ends says what happened, what users saw and what can be done next', async () => {
  const texts = Object.entries(OUTCOMES).map(([name, event]) => {
    const exit = event.type === 'outcome' ? `, exit ${exitCodeOf(event.outcome)}` : ''
    return `# ${name}${exit}\n${record().events([event])}`
  })
  for (const text of texts) expect(text.trimEnd().split('\n').at(-1)).toMatch(/^ +(→|\S)/)
  for (const text of texts) expect(tooWide(text, 80)).toEqual([])
  await expect(texts.join('\n')).toMatchFileSnapshot('files/outcomes.txt')
})

test('progress in a pipe comes once a second at most, and never twice the same', () => {
  const progress = (text: string) => ({ type: 'step-progress', step: 'images', text }) as const
  const text = record({ mode: 'plain' }).events([progress('a'), progress('a'), progress('b')])
  expect(text).toBe('[ 2/14] a\n[ 2/14] b\n')
})
