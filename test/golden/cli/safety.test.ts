import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitLine, widthOf, wrap } from '../../../src/cli/reporter/fit.ts'
import { neutralise, neutraliseJson, neutraliseText } from '../../../src/cli/reporter/neutralise.ts'
import { createReporter } from '../../../src/cli/reporter/reporter.ts'
import { record } from './record.ts'
import { FAILURES, SUBJECT } from './samples.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]52;c;aGk=\u0007',
        '\u001b[2J',
        '\u001b',
        '\u009b31m',
        '\r',
        '\u202e',
        '\n',
      ),
      fc.constantFrom(
        '\u001b]0;title\u001b\\',
        '\u001bP1$r\u001b\\',
        '\u001b[',
        '\t',
        '\u0000',
        '\u0007',
        'plain',
      ),
    ),
  )
  .map((parts) => parts.join(''))

test('no text that a container wrote can move the cursor or hide a line', () => {
  fc.assert(fc.property(nasty, (text) => !CONTROL.test(neutraliseText(text))))
})

test('what was neutralised stays as it is', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const once = neutraliseText(text)
      expect(neutraliseText(once)).toBe(once)
    }),
  )
})

test('colors of a log are dropped, other control characters are spelled out', () => {
  expect(neutraliseText('\u001b[1;31mred\u001b[0m\tok\r\nnext\u0007')).toBe('red    ok\nnext^G')
  expect(neutraliseText('a\u001bcb\u009bx\u202ey')).toBe('a^[cb\\x9bx\\u202ey')
})

test('every string is neutralised, however deep, and nothing else is touched', () => {
  const value = { a: ['\u001b[2Jx', { 'k\u0007': '\u0000' }], n: 1, u: undefined, z: null, b: true }
  expect(neutralise(value)).toEqual({ a: ['x', { 'k^G': '^@' }], n: 1, u: undefined, z: null, b: true })
})

test.each(['pretty', 'plain'] as const)('no escape gets from a container to a %s output', (mode) => {
  fc.assert(
    fc.property(nasty, (text) => {
      const written =
        record({ mode }).events([
          { type: 'step-started', step: 'health', subject: SUBJECT },
          { type: 'step-progress', step: 'health', text },
          { type: 'note', note: { note: 'leftover', what: text, reason: text } },
          { type: 'step-done', step: 'health', subject: SUBJECT, durationMs: 1, detail: text },
        ]) +
        record({ mode }).failure(
          { ...FAILURES['never-healthy'], evidence: text, logs: [text] },
          { app: text },
        )
      expect(written).not.toMatch(CONTROL)
    }),
  )
})

test('JSON keeps every character, and shows a terminal none that it would obey', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const json = neutraliseJson(JSON.stringify({ text }))
      expect(json).not.toMatch(CONTROL)
      expect(JSON.parse(json)).toEqual({ text })
    }),
  )
})

test('a line is never wider than it may be, and an escape in it is never cut', () => {
  const brush = (text: string) => `\u001b[31m${text}\u001b[39m`
  const spans = fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), brush: fc.constant(brush) }))
  fc.assert(
    fc.property(spans, fc.integer({ min: 10, max: 60 }), (line, columns) => {
      const fitted = fitLine(line, { columns, ellipsis: '…' })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what it looks for
      const bare = fitted.replaceAll(/\u001b\[(31|39)m/g, '')
      expect(bare).not.toContain('\u001b[')
      expect(widthOf(bare)).toBeLessThanOrEqual(columns)
    }),
  )
})

test('wrapping loses no word', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
      const lines = wrap(words.join(' '), 20)
      expect(lines.join(' ')).toBe(words.join(' '))
      expect(lines.every((line) => line.length <= 20)).toBe(true)
    }),
  )
})

test.each([80, 20])('a line that is redrawn leaves nothing of itself on %i columns', (columns) => {
  let screen = ''
  const reporter = createReporter({
    mode: 'pretty',
    color: { out: false, err: false },
    columns: () => columns,
    unicode: true,
    live: true,
    out: (text) => {
      screen += text
    },
    err: (text) => {
      screen += text
    },
    now: () => 0,
  })
  reporter.emit({ type: 'step-started', step: 'start', subject: SUBJECT })
  expect(screen).toMatch(/⠋ Starting gr.*…$/)
  // In the last column many terminals wrap, and a line that wrapped cannot be taken back.
  expect(screen.split('\n').at(-1)?.length).toBeLessThan(columns)
  reporter.emit({ type: 'note', note: { note: 'setting-up', what: 'proxy' } })
  reporter.emit({ type: 'step-done', step: 'start', subject: SUBJECT, durationMs: 10, detail: undefined })
  reporter.rest()
  const left = screen
    .split('\r\u001b[K')
    .map((part, index, parts) => (index === parts.length - 1 ? part : part.replace(/[^\n]*$/, '')))
    .join('')
  expect(left.replaceAll(/\n {6}/g, ' ')).toBe(
    '\nshop  blue → green\n\n    · Setting up the proxy, for the first time.\n  6 ✔ Started green in 10 ms\n',
  )
})
