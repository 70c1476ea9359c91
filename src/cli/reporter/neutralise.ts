import { maskSecrets } from './mask.ts'

/**
 * Every string of a value made harmless for a terminal: containers, builds and images write what they like, and
 * an escape sequence among it could move the cursor, set the clipboard or hide a line.
 */
export function neutralise<T>(value: T): T {
  return mapTexts(value, neutraliseText)
}

/** The same, and without the secrets that programs quote. */
export function harmless<T>(value: T): T {
  return mapTexts(value, (text) => maskSecrets(neutraliseText(text)))
}

/** A value as JSON that a terminal may show, without the secrets that programs quote. */
export function harmlessJson(value: unknown): string {
  return neutraliseJson(JSON.stringify(mapTexts(value, maskSecrets)))
}

function mapTexts<T>(value: T, change: (text: string) => string): T
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]))
}

/** Text without control characters but line ends: colors are dropped, whatever else is left is spelled out. */
export function neutraliseText(text: string): string {
  return text
    .replaceAll(SEQUENCE, '')
    .replaceAll(/\r+\n/g, '\n')
    .replaceAll('\t', '    ')
    .replaceAll(CONTROL, spellOut)
}

/** JSON text that a terminal may show: what JSON itself leaves unescaped is escaped, and reads back the same. */
export function neutraliseJson(json: string): string {
  return json.replaceAll(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// ECMA-48: CSI (colors, cursor) and the strings OSC, DCS, SOS, PM, APC up to their end (BEL or ST).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]/g

// C0 but the line feed, DEL, C1, and the marks that reorder text (CVE-2021-42574).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

function spellOut(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
  return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16)}`
}
