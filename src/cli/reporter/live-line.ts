/** A last line that is redrawn in place while something goes on; other lines are written above it. */
export type LiveLine = {
  /** Draws what `line` gives, now and every tenth of a second, until the next `show` or `hide`. */
  show(line: (frame: number) => string): void
  /** Writes lines where the live line was; it is drawn again below them. */
  above(text: string): void
  /** Ends it and leaves nothing of it behind. */
  hide(): void
}

const FRAME_MS = 100
const CLEAR = '\r\u001b[K'

/** A live line on a terminal. */
export function createLiveLine(write: (text: string) => void): LiveLine {
  let line: ((frame: number) => string) | undefined
  let timer: NodeJS.Timeout | undefined
  let frame = 0
  let drawn = ''
  // One write for clearing and drawing: two would flicker.
  const draw = (before = '') => {
    const next = line === undefined ? '' : line(frame)
    if (before === '' && next === drawn) return
    write((drawn === '' ? '' : CLEAR) + before + next)
    drawn = next
  }
  const stop = () => {
    clearInterval(timer)
    line = undefined
  }
  return {
    show(next) {
      stop()
      line = next
      frame = 0
      draw()
      timer = setInterval(() => {
        frame += 1
        draw()
      }, FRAME_MS)
      timer.unref()
    },
    above: (text) => draw(text),
    hide() {
      stop()
      draw()
    },
  }
}

/** No live line: lines are written as they come. */
export function noLiveLine(write: (text: string) => void): LiveLine {
  return { show: () => undefined, above: write, hide: () => undefined }
}
