import { newestFirst } from './choose-rollback.ts'
import type { Metadata, ReleaseId } from './release.ts'

/**
 * The snapshots past the limit, oldest first. Those in use stay whatever the limit is: the active one, the one
 * that a rollback would go to, and the one whose containers stand by.
 */
export function planRetention(input: {
  snapshots: readonly Pick<Metadata, 'id' | 'created'>[]
  limit: number
  active: ReleaseId | undefined
  standby: ReleaseId | undefined
  rollbackTarget: ReleaseId | undefined
}): ReleaseId[] {
  const { snapshots, limit, active, standby, rollbackTarget } = input
  const needed = new Set([active, standby, rollbackTarget])
  return newestFirst(snapshots)
    .slice(Math.max(0, limit))
    .map((snapshot) => snapshot.id)
    .filter((id) => !needed.has(id))
    .reverse()
}
