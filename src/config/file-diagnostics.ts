import type { z } from 'zod/mini'
import type { Diagnostic } from '../domain/settings.ts'
import { didYouMean } from './did-you-mean.ts'
import { allKeys, keysAt } from './known-keys.ts'
import type { Rule } from './rules.ts'
import { expectedButFound, showPath } from './wording.ts'
import type { KeyPath, YamlSource } from './yaml-source.ts'

type Issue = z.core.$ZodIssue
type Input = { issues: readonly Issue[]; source: YamlSource; schema: z.core.$ZodType }

/** What the schema found wrong with a file, each with its place; one diagnostic for a value at most. */
export function diagnoseIssues({ issues, source, schema }: Input): Diagnostic[] {
  const all = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey({ path: keyPath(issue), key, source, schema }))
      : [wrongValue(issue, source)],
  )
  return all.filter((one, index) => all.findIndex((other) => other.path === one.path) === index)
}

function unknownKey({
  path,
  key,
  source,
  schema,
}: {
  path: KeyPath
  key: string
  source: YamlSource
  schema: z.core.$ZodType
}): Diagnostic {
  const known = keysAt(schema, path)
  const elsewhere = allKeys(schema).find((dotted) => dotted.endsWith(`.${key}`))
  const meant = didYouMean(key, known) ?? elsewhere
  return {
    place: source.place([...path, key], 'key'),
    path: showPath([...path, key]),
    message: `There is no setting "${key}" here.`,
    hint: meant === undefined ? `Settings here: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  }
}

function wrongValue(issue: Issue, source: YamlSource): Diagnostic {
  const path = keyPath(issue)
  const isKey = issue.code === 'invalid_key'
  const expected = isKey ? (issue.issues[0]?.message ?? issue.message) : issue.message
  const missing = !isKey && source.depth(path) < path.length
  const found = isKey ? path.at(-1) : valueAt(source.value, path)
  return {
    place: source.place(path, isKey ? 'key' : 'value'),
    path: showPath(path),
    message: missing
      ? `"${String(path.at(-1))}" is missing: expected ${expected}.`
      : expectedButFound(expected, found),
    hint: isKey ? undefined : hintOf(issue, found),
  }
}

function hintOf(issue: Issue, found: unknown): string | undefined {
  if (found === null) return 'Write a value, or leave the line out.'
  // Only `obeys` of the schema makes custom issues; the rule has accepted the type of what was found.
  if (issue.code === 'custom') return (issue.params?.rule as Rule<unknown> | undefined)?.hint?.(found)
  if (typeof found === 'string' && issue.code === 'invalid_value') {
    const meant = didYouMean(found, issue.values.map(String))
    return meant === undefined ? undefined : `Did you mean "${meant}"?`
  }
  if (issue.code !== 'invalid_type') return undefined
  if (typeof found === 'string' && issue.expected === 'boolean') return BOOLEAN_WORDS.get(found.toLowerCase())
  const quotable = typeof found === 'number' || typeof found === 'boolean'
  return issue.expected === 'string' && quotable ? `Put it in quotes: "${found}".` : undefined
}

// Words that YAML 1.1 took for booleans, and YAML 1.2 does not.
const BOOLEAN_WORDS: ReadonlyMap<string, string> = new Map([
  ['yes', 'Write true.'],
  ['on', 'Write true.'],
  ['no', 'Write false.'],
  ['off', 'Write false.'],
])

function keyPath(issue: Issue): KeyPath {
  return issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let at = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string, unknown>)[part]
  }
  return at
}
