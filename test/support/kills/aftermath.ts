import type { Journal } from '../../../src/app/ports/records.ts'
import { otherColor } from '../../../src/domain/color.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Facts } from './facts.ts'
import { as, type Broken } from './laws.ts'

/** A run that died: what it told of itself, and what lay in the deployments folder then. */
export interface Dead {
  journal: Journal
  snapshots: readonly Pick<Facts['snapshots'][number], 'id' | 'created'>[]
}

/**
 * What a dead run left and its end should have mended: it stands in history once; taken back, nothing of it is left and
 * what it displaced stands by again; finished, it stopped what it was asked to stop. `outcome`: what the command came
 * to that dealt with it; one that changed something itself says less of it.
 */
export function brokenAftermath(
  { journal, snapshots }: Dead,
  outcome: Outcome | undefined,
  facts: Facts,
): Broken[] {
  const entries = facts.history.filter(({ startedAt }) => startedAt === journal.startedAt)
  const [entry] = entries
  if (entry === undefined || entries.length > 1)
    return as('wrong record', [`history has ${entries.length} entries of the run that died`])
  const own = (id: string, created: string) => id === journal.release && created === journal.startedAt
  const left: string[] = []
  if (entry.result === 'taken-back' && facts.snapshots.some(({ created, id }) => own(id, created)))
    left.push(`the snapshot ${journal.release} of a run that was taken back`)
  if (outcome === undefined || !changedNothing(outcome)) return as('leftover', left)
  const wrong = snapshots
    .filter(({ created, id }) => !own(id, created) && !facts.snapshots.some((each) => each.id === id))
    .map(({ id }) => `the snapshot ${id} went with a run that died`)
  const standby = facts.status.colors[otherColor(facts.status.active ?? 'green')]
  const stopping = journal.step === 'drain' || journal.step === 'cleanup'
  if (
    entry.result === 'finished-late' &&
    stopping &&
    outcome.kind === 'unchanged' &&
    standby.health !== 'none'
  )
    left.push('the old color runs that was to be stopped')
  const { displaced } = journal
  if (
    entry.result === 'taken-back' &&
    displaced &&
    (standby.release !== displaced || standby.health === 'none')
  )
    wrong.push(`${displaced} stood by before, ${standby.release} (${standby.health}) does now`)
  return [...as('leftover', left), ...as('wrong record', wrong)]
}

/** It found that there was nothing for it to do. */
function changedNothing(outcome: Outcome): boolean {
  if (outcome.kind === 'aborted') return outcome.failure.code === 'already-active'
  return outcome.kind === 'unchanged'
}
