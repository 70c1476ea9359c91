import { createPaint, type Paint } from './paint.ts'

/** All that a rendering needs to know of the place it is shown at. */
export type Look = {
  /** At least 40: narrower, nothing could be laid out. */
  columns: number
  /** As many as there are: what is redrawn in place must not wrap. */
  screen: number
  signs: Signs
  paint: Paint
}

/** The signs of the output; every one has an ASCII stand-in of its own. */
type Signs = {
  done: string
  failed: string
  skipped: string
  warning: string
  back: string
  next: string
  to: string
  dot: string
  ellipsis: string
  dash: string
  rule: string
  bar: string
  box: {
    topLeft: string
    topRight: string
    bottomLeft: string
    bottomRight: string
    across: string
    down: string
  }
  spinner: readonly string[]
}

/** The look for a terminal or file of so many columns. */
export function createLook(options: { columns: number; unicode: boolean; color: boolean }): Look {
  return {
    columns: Math.max(options.columns, 40),
    screen: options.columns,
    signs: options.unicode ? UNICODE : ASCII,
    paint: createPaint(options.color ? 'colored' : 'plain'),
  }
}

const UNICODE: Signs = {
  done: '✔',
  failed: '✖',
  skipped: '↷',
  warning: '▲',
  back: '↩',
  next: '→',
  to: '→',
  dot: '·',
  ellipsis: '…',
  dash: '–',
  rule: '─',
  bar: '│',
  box: { topLeft: '╔', topRight: '╗', bottomLeft: '╚', bottomRight: '╝', across: '═', down: '║' },
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
}

const ASCII: Signs = {
  done: '+',
  failed: 'x',
  skipped: '-',
  warning: '!',
  back: '<',
  next: '->',
  to: '->',
  dot: '-',
  ellipsis: '...',
  dash: '-',
  rule: '-',
  bar: '|',
  box: { topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', across: '=', down: '|' },
  spinner: ['|', '/', '-', '\\'],
}
