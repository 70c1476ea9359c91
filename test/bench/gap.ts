import { TimeIsOver } from './clock.ts'
import { NotInstalled } from './installed.ts'
import type { Gap } from './report.ts'

/** What is told of something that was not measured. */
export function gapOf(what: string, error: unknown): Gap {
  return { what, kind: kindOf(error), why: error instanceof Error ? error.message : String(error) }
}

function kindOf(error: unknown): Gap['kind'] {
  if (error instanceof NotInstalled) return 'not installed'
  return error instanceof TimeIsOver ? 'no time' : 'failed'
}
