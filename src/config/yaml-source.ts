import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type { Diagnostic, Place } from '../domain/settings.ts'

/** The keys and list positions that lead to a value. */
export type KeyPath = readonly (string | number)[]

/** A YAML text that still knows where everything stands. */
export type YamlSource = {
  /** The plain value; undefined when the text is empty or its syntax is too broken to mean anything. */
  value: unknown
  diagnostics: Diagnostic[]
  /** Where a key (of a list: an item) or its value stands, or else the nearest parent that exists. */
  place: (path: KeyPath, target: 'key' | 'value') => Place
  /** How many parts of the path exist. */
  depth: (path: KeyPath) => number
  /** The plain value at a path; undefined: it does not exist. */
  get: (path: KeyPath) => unknown
}

type Found = { depth: number; key: unknown; value: unknown }

/** Reads a YAML text. Never throws: what is wrong with it are diagnostics. */
export function readYaml({ path: file, text }: { path: string; text: string }): YamlSource {
  const lines = new LineCounter()
  // Compose files and people's habits know merge keys (`<<`), which YAML 1.2 left out.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    merge: true,
  })
  // Of a file with a thousand settings, each is asked for its place.
  let written: string[] | undefined
  const at = (offset: number) => {
    written ??= text.split('\n')
    return placeAt({ file, written, lines, offset: Math.min(offset, text.length) })
  }
  const plain = plainValue(document)
  // A program, an archive: what its bytes happen to mean as YAML helps nobody.
  const faults = text.includes('\0')
    ? [fault(at(0), 'This is no text file.')]
    : [...document.errors, ...document.warnings].map((error) => diagnosticOf(error, at))
  return {
    value: document.errors.every((error) => error.code === 'DUPLICATE_KEY') ? plain.value : undefined,
    diagnostics:
      plain.reason === undefined || text.includes('\0')
        ? faults
        : [...faults, fault(at(plain.offset ?? 0), plain.reason)],
    place: (path, target) => {
      const found = walk(document, path)
      const wanted = target === 'key' || found.depth < path.length ? found.key : found.value
      return at(offsetOf(isWritten(wanted) ? wanted : found.key))
    },
    depth: (path) => walk(document, path).depth,
    get: (path) => {
      const found = walk(document, path)
      return found.depth < path.length ? undefined : plainOf(document, found.value)
    },
  }
}

// An alias without its anchor, and aliases that multiply past all measure, only show when they are resolved.
function plainValue(document: Document): { value?: unknown; reason?: string; offset?: number } {
  try {
    return { value: document.toJS() ?? undefined }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { reason, offset: offsetOf(danglingAlias(document)) }
  }
}

function plainOf(document: Document, node: unknown): unknown {
  try {
    return isNode(node) ? node.toJS(document) : undefined
  } catch {
    return undefined
  }
}

function danglingAlias(document: Document): unknown {
  let dangling: unknown
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined
      dangling = alias
      return visit.BREAK
    },
  })
  return dangling
}

function diagnosticOf(error: YAMLError, at: (offset: number) => Place): Diagnostic {
  const place = at(error.pos[0])
  if (error.code === 'DUPLICATE_KEY') {
    return { ...fault(place, 'This key is written twice.'), hint: 'Keep one of the two.' }
  }
  if (error.code === 'TAB_AS_INDENT') {
    return { ...fault(place, error.message), hint: 'Indent with spaces.' }
  }
  return fault(place, error.message)
}

function fault(place: Place, reason: string): Diagnostic {
  const message = reason.split('\n', 1).join().trim()
  return { place, path: '', message: /[.!?]$/.test(message) ? message : `${message}.`, hint: undefined }
}

function walk(document: Document, path: KeyPath): Found {
  let found: Found = { depth: 0, key: document.contents, value: document.contents }
  for (const part of path) {
    const next = child(document, found.value, part)
    if (next === undefined) break
    found = { depth: found.depth + 1, ...next }
  }
  return found
}

function child(document: Document, parent: unknown, part: string | number): Omit<Found, 'depth'> | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent
  if (isSeq(node)) {
    const item = typeof part === 'number' ? node.items[part] : node.items.find((each) => names(each, part))
    return item === undefined ? undefined : { key: item, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part))
  if (pair !== undefined) return { key: pair.key, value: pair.value }
  const merged = node.items.find(({ key }) => isScalar(key) && isMergeKey(key.value))
  return merged === undefined ? undefined : childOfMerged(document, merged.value, part)
}

function childOfMerged(document: Document, merged: unknown, part: string | number) {
  if (!isSeq(merged)) return child(document, merged, part)
  return merged.items.map((each) => child(document, each, part)).find((found) => found !== undefined)
}

// With `merge: true`, yaml replaces the text `<<` of a key by a symbol.
function isMergeKey(value: unknown): boolean {
  return value === '<<' || (typeof value === 'symbol' && value.description === '<<')
}

// Compose takes many maps as lists too: `- front`, `- NAME=value`.
function names(item: unknown, part: string): boolean {
  return isScalar(item) && (item.value === part || String(item.value).startsWith(`${part}=`))
}

function isWritten(node: unknown): boolean {
  return !(isScalar(node) && node.value === null && !node.source) && node !== null
}

function offsetOf(node: unknown): number {
  const ranged = node as { range?: readonly number[] | null } | null | undefined
  return ranged?.range?.[0] ?? 0
}

type Offset = { file: string; written: readonly string[]; lines: LineCounter; offset: number }

function placeAt({ file, lines, offset, written }: Offset): Place {
  const at = lines.linePos(offset)
  const line = Math.max(at.line, 1)
  const text = written[line - 1]?.replace(/\r$/, '') ?? ''
  // An offset may be past the end of its line, where something is missing.
  return { file, line, column: Math.max(1, Math.min(at.col, text.length + 1)), text }
}
