import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDurationMs } from '../../src/config/duration.ts'
import { allKeys } from '../../src/config/known-keys.ts'
import { UPGRADE_FILE } from '../../src/config/schema.ts'
import { diagnose } from './load-fixture.ts'

const keys = allKeys(UPGRADE_FILE).flatMap((key) => key.split('.'))
const word = fc.constantFrom(
  ...keys,
  '__proto__',
  'constructor',
  'toString',
  '<<',
  'web',
  '200-399',
  '30s',
  '/up',
)
const scalar = fc.oneof(
  word,
  fc.string(),
  fc.integer().map(String),
  fc.constantFrom('null', 'true', '*a', '&a', '!x'),
)
const sign = fc.constantFrom(
  '\n',
  '\n  ',
  '\n- ',
  '\r\n',
  '\t',
  ': ',
  ', ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|',
  '#',
  '---',
  '\u0000',
  '\ufeff',
)

const garbage = fc.array(fc.oneof(sign, scalar), { maxLength: 30 }).map((parts) => parts.join(''))
const nested = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 1 }),
    tie('map'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  map: fc.dictionary(word, tie('value'), { maxKeys: 5 }),
})).map

/** Every diagnostic has a place that exists in the text, and says something. */
async function expectLocated(yaml: string) {
  const lines = yaml.split('\n').map((line) => line.replace(/\r$/, ''))
  for (const { place, message } of await diagnose({ yaml })) {
    expect(message).toMatch(/[.!?]$/)
    expect(place?.file).toBe('/srv/shop/upgrade.yaml')
    expect(lines[(place?.line ?? 0) - 1]).toBe(place?.text)
    expect(place?.column).toBeGreaterThanOrEqual(1)
    expect(place?.column).toBeLessThanOrEqual((place?.text.length ?? 0) + 1)
  }
}

describe('whatever stands in upgrade.yaml, it loads or its faults are located', () => {
  test('for signs and words in any order', async () => {
    await fc.assert(fc.asyncProperty(garbage, expectLocated), { numRuns: 500 })
  })

  test('for well-formed YAML of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        nested.map((value) => JSON.stringify(value, null, 1)),
        expectLocated,
      ),
      { numRuns: 300 },
    )
  })

  test.each([
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]\n`).join('')}`,
    ],
    ['an alias of itself', 'health: &a {headers: *a}\n'],
    ['very deep nesting', `app: ${'['.repeat(20_000)}`],
    [
      'values named like methods',
      'auto_switch: {toString: []}\nservices: {toString: {class: constructor}}\nconstructor: 1\n__proto__: 2\n',
    ],
    ['keys that are maps', '? {a: b}\n: c\n? [app]\n: d\n'],
  ])('for %s', async (_, yaml) => {
    await expectLocated(yaml)
    expect(await diagnose({ yaml })).not.toEqual([])
  })
})

test('a duration that is shown is read back as the same', () => {
  fc.assert(fc.property(fc.nat(7 * 24 * 3_600_000), (ms) => parseDurationMs(formatDuration(ms)) === ms))
})
