import type { Event } from '../../../src/app/events.ts'
import type { View } from '../../../src/app/views.ts'
import type { BugContext } from '../../../src/cli/reporter/bug-words.ts'
import { createReporter, type ReporterOptions } from '../../../src/cli/reporter/reporter.ts'
import type { FailureContext } from '../../../src/cli/reporter/told-failure.ts'
import type { Failure } from '../../../src/domain/failure.ts'

export type Look = Partial<Pick<ReporterOptions, 'mode' | 'unicode'>> & { columns?: number }

/** What a reporter writes to stdout and stderr, without color and without a line that moves. */
export function record(look: Look = {}): {
  events(events: readonly Event[]): string
  view(view: View): string
  failure(failure: Failure, context: FailureContext): string
  bug(error: unknown, context: BugContext): string
} {
  const written = (act: (reporter: ReturnType<typeof createReporter>) => void) => {
    let text = ''
    const write = (part: string) => {
      text += part
    }
    const { columns = 80, mode = 'pretty', unicode = true } = look
    let now = 0
    act(
      createReporter({
        mode,
        unicode,
        color: { out: false, err: false },
        columns: () => columns,
        live: false,
        out: write,
        err: write,
        now: () => {
          now += 2000
          return now
        },
      }),
    )
    return text
  }
  return {
    events: (events) => written((reporter) => events.forEach((event) => void reporter.emit(event))),
    view: (view) => written((reporter) => reporter.show(view)),
    failure: (failure, context) => written((reporter) => reporter.failure(failure, context)),
    bug: (error, context) => written((reporter) => reporter.bug(error, context)),
  }
}

/** Lines that are wider than they should be; commands to paste, log lines and bare addresses may be. */
export function tooWide(text: string, columns: number): string[] {
  return text
    .split('\n')
    .filter((line) => [...line].length > columns)
    .filter((line) => !/^\s*(→|->|│|\|)/.test(line))
}
