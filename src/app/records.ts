import { chooseRollback } from '../domain/choose-rollback.ts'
import type { Outcome } from '../domain/outcome.ts'
import { type HistoryEntry, type HistoryResult, RECORD_FORMAT } from '../domain/release.ts'
import { planRetention } from '../domain/retention.ts'
import { insist } from './insist.ts'
import { ownOf } from './journal-entry.ts'
import { elapsedMs, previousRelease, type Run } from './run.ts'

/**
 * Ends a run's records: one entry in history, retention, and no journal any more. A way back that failed keeps its
 * journal; its entry is written once the next command has gone to the end of it.
 */
export async function closeRun(run: Run, outcome: Outcome): Promise<Outcome> {
  if (run.unfinished) return outcome
  const { store } = run.ports
  const result = resultOf(outcome)
  const entry = result && entryOf(run, outcome, result)
  const written = await kept(run, 'history.json', async () => entry && (await store.append(entry)))
  if (outcome.kind === 'switched' || outcome.kind === 'prepared')
    await kept(run, 'old snapshots', () => prune(run))
  // Without its entry the journal is all that tells of this run: the next command writes the entry.
  if (written) await kept(run, 'journal.json', () => store.clearJournal())
  return outcome
}

/** What a run came to is so, and is said, whether or not it could be written down. */
export async function kept(run: Run, what: string, write: () => Promise<void>): Promise<boolean> {
  const problem = await insist(run.ports.machine, write)
  if (problem === undefined) return true
  run.emit({ type: 'note', note: { note: 'leftover', what, reason: problem.code } })
  return false
}

function resultOf(outcome: Outcome): HistoryResult | undefined {
  switch (outcome.kind) {
    case 'switched':
      return 'switched'
    case 'prepared':
      return 'prepared'
    case 'aborted':
    case 'refused':
      return 'aborted'
    case 'rolled-back':
    case 'stuck':
      return 'rolled-back'
    case 'unchanged':
    case 'cleaned':
    case 'ejected':
      return undefined
  }
}

function entryOf(run: Run, outcome: Outcome, result: HistoryResult): HistoryEntry {
  const { machine } = run.ports
  return {
    format: RECORD_FORMAT,
    at: machine
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z'),
    command: run.command,
    from: run.from,
    to: run.target,
    release: run.candidate.release,
    previous: previousRelease(run),
    result,
    durationMs: elapsedMs(run),
    startedAt: new Date(run.startedAtMs).toISOString(),
    user: machine.user(),
    reason: 'failure' in outcome ? outcome.failure.code : undefined,
    ...probeOf(outcome),
    ...ownOf(run),
  }
}

function probeOf(outcome: Outcome): Pick<HistoryEntry, 'probe'> {
  if (outcome.kind !== 'switched' || outcome.probe === undefined) return {}
  const { failed, longestGapMs, sent } = outcome.probe
  return { probe: { sent, failed, longestGapMs } }
}

/** Drops snapshots past the limit with the images they hold; never one that runs or that a rollback needs. */
async function prune(run: Run): Promise<void> {
  const { platform, store } = run.ports
  const records = await store.read()
  const [active, standby] = run.crossedTheLine
    ? [run.candidate.release, previousRelease(run)]
    : [previousRelease(run), run.candidate.release]
  const back = chooseRollback({
    active,
    history: records.history,
    snapshots: records.snapshots,
    containers: [],
    to: undefined,
  })
  const doomed = planRetention({
    snapshots: records.snapshots,
    limit: run.settings.rollbackLimit,
    active,
    standby,
    rollbackTarget: back.kind === 'found' ? back.release.id : undefined,
  })
  for (const id of doomed) {
    const snapshot = records.snapshots.find((each) => each.id === id)
    await platform.release(snapshot?.images.map((image) => image.tag) ?? [])
    await store.removeSnapshot(id)
  }
}
