import { tellBug } from './bug-words.ts'
import { tellFailure } from './failure-words.ts'
import { harmlessJson } from './neutralise.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { usersOfFailure } from './users-words.ts'

/** One event a line on stdout, and nothing else there; a view is one line, too. */
export function createJsonReporter({ out }: Pick<ReporterOptions, 'out'>): Reporter {
  const line = (value: unknown) => out(`${harmlessJson(value)}\n`)
  return {
    emit: line,
    show: line,
    failure: (failure, context) => {
      const words = { ...tellFailure(failure, context), users: usersOfFailure(context, failure) }
      line({ type: 'failure', failure, words })
    },
    bug: (error, context) => line({ type: 'bug', words: tellBug(error, context) }),
    rest: () => undefined,
  }
}
