import type { Brush } from './paint.ts'

/** A piece of a line; painted only after the line was cut, so that no escape is ever cut in two. */
export type Span = { text: string; brush?: Brush }

/** One line of at most `columns`; what does not fit ends in an ellipsis. */
export function fitLine(spans: readonly Span[], options: { columns: number; ellipsis: string }): string {
  const total = spans.reduce((sum, span) => sum + widthOf(span.text), 0)
  let left = total <= options.columns ? total : options.columns - widthOf(options.ellipsis)
  let line = ''
  for (const span of spans) {
    const text = take(oneLine(span.text), left)
    left -= widthOf(text)
    line += text === '' || span.brush === undefined ? text : span.brush(text)
    if (text !== oneLine(span.text)) return line + options.ellipsis
  }
  return line
}

/** Text in lines of at most `columns`, broken at spaces; a word that is longer keeps a line of its own. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, columns))
}

/** How many columns of a terminal text takes: East Asian wide characters take two, combining ones none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const char of text) width += widthOfChar(char)
  return width
}

/** Text padded with spaces to a width in columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

/** Text on one line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}

function take(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let taken = ''
  let width = 0
  for (const char of text) {
    width += widthOfChar(char)
    if (width > columns) break
    taken += char
  }
  return taken
}

function wrapParagraph(paragraph: string, columns: number): string[] {
  const indent = /^ */.exec(paragraph)?.[0] ?? ''
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.trim().split(/ +/)) {
    const longer = line === '' ? indent + word : `${line} ${word}`
    if (line === '' || widthOf(longer) <= columns) line = longer
    else {
      lines.push(line)
      line = indent + word
    }
  }
  return [...lines, line]
}

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])$/u

function widthOfChar(char: string): number {
  if (ZERO_WIDTH.test(char)) return 0
  return WIDE.test(char) ? 2 : 1
}
