import type { FailureContext, Told } from './told-failure.ts'
import { usersOfFailure } from './users-words.ts'

/** What is known when a mistake shows itself. */
export type BugContext = Pick<FailureContext, 'app' | 'active' | 'proxy'> & { version: string }

/** Words for a mistake of this tool: it says that it is one, and what a report needs. */
export function tellBug(error: unknown, context: BugContext): Told {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    sign: 'failed',
    what: 'This is a mistake of Verdigris itself. Please report it.',
    why: [
      { log: stack.split('\n') },
      `verdigris ${context.version}, node ${process.version}, ${process.platform} ${process.arch}`,
    ],
    users: usersNow(context),
    next: [{ run: 'upgrade status', gives: 'shows where things stand' }],
  }
}

function usersNow({ active, app = 'this app', proxy }: BugContext): string {
  // Commands that only look have no way to see it, and nothing to go on with.
  if (proxy === undefined) return 'Nothing was changed.'
  const users =
    proxy === 'running' && active !== undefined
      ? `Users are answered: ${active} serves ${app}.`
      : usersOfFailure({ app, proxy })
  return `${users} Whatever was begun is in the journal: the next command finishes it or takes it back.`
}
