import type { Adoption } from '../domain/adoption.ts'
import { type HistoryEntry, RECORD_FORMAT, type ReleaseId } from '../domain/release.ts'
import type { Context } from './command.ts'
import type { Journal } from './ports/records.ts'

type Told = Pick<Journal, 'command' | 'from' | 'target' | 'previous' | 'startedAt'> & {
  adoption?: Adoption | undefined
  release: ReleaseId | undefined
}

/** What history keeps of a run, as its journal has it. */
export function entryOf(
  { ports }: Context,
  journal: Told,
  { reason, result }: Pick<HistoryEntry, 'reason' | 'result'>,
): HistoryEntry {
  const now = ports.machine.now()
  return {
    format: RECORD_FORMAT,
    at: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    command: journal.command,
    from: journal.from,
    to: journal.target,
    release: journal.release,
    previous: journal.previous,
    result,
    durationMs: Math.max(0, now.getTime() - new Date(journal.startedAt).getTime()),
    startedAt: journal.startedAt,
    user: ports.machine.user(),
    reason,
    ...ownOf(journal),
  }
}

/** What a rollback of the first release goes back to. */
export function ownOf({ adoption }: { adoption?: Adoption | undefined }): Pick<HistoryEntry, 'own'> {
  return adoption === undefined ? {} : { own: adoption.containers.map(({ id }) => id) }
}
