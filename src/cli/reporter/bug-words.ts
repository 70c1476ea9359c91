import type { Told } from './told-failure.ts'

/** Words for a mistake of this tool: it says that it is one, and what a report needs. */
export function tellBug(error: unknown, { version }: { version: string }): Told {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    sign: 'failed',
    what: 'This is a mistake of Verdigris itself. Please report it.',
    why: [
      { log: stack.split('\n') },
      `verdigris ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    ],
    users: 'Whatever was begun is in the journal: the next command finishes it or takes it back.',
    next: [{ run: 'upgrade status', gives: 'shows where things stand' }],
  }
}
