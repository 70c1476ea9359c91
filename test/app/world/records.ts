import type { HeldLock, Lock, Store } from '../../../src/app/ports/records.ts'
import { Expected, type LockHolder } from '../../../src/domain/failure.ts'
import type { ReleaseId } from '../../../src/domain/release.ts'
import type { Faults } from './faults.ts'
import { DEPLOYMENTS } from './shop.ts'
import { type World, written } from './world.ts'

/** A deployments folder whose every write is whole or not there. */
export function storeOf(world: World, { call, look }: Faults): Store {
  const snapshot = (id: ReleaseId) => {
    const found = world.snapshots[id]
    if (found === undefined) throw new Expected({ code: 'snapshot-missing', id, known: [] })
    return found
  }
  return {
    check: () => look('store check', () => ({ freeBytes: 1e12 })),
    tighten: () => call('tighten', () => []),
    read: () =>
      look('read', () => ({
        active: world.active,
        history: [...world.history],
        snapshots: Object.values(world.snapshots).map(({ metadata }) => metadata),
        setAside: [],
        broken: [],
      })),
    writeActive: (color) =>
      call('writeActive', () => {
        world.active = color
      }),
    append: (entry) => call('append', () => void world.history.push(written(entry))),
    writeSnapshot: (taken) =>
      call('writeSnapshot', () => {
        if (world.snapshots[taken.metadata.id] !== undefined)
          throw new Expected({ code: 'file-failed', path: taken.metadata.id, reason: 'it is there' })
        world.snapshots[taken.metadata.id] = written(taken)
      }),
    writeJobs: () => call('writeJobs', () => {}),
    updateMetadata: (metadata) =>
      call('updateMetadata', () => {
        world.snapshots[metadata.id] = { ...snapshot(metadata.id), metadata: written(metadata) }
      }),
    readSnapshot: (id) => look('readSnapshot', () => snapshot(id)),
    composePath: (id) => `${DEPLOYMENTS}/${id}/docker-compose.yml`,
    removeSnapshot: (id) => call('removeSnapshot', () => void delete world.snapshots[id]),
    readJournal: () => look('readJournal', () => world.journal),
    writeJournal: (journal) =>
      call('writeJournal', () => {
        world.journal = written({ ...journal, holder: { ...journal.holder } })
      }),
    clearJournal: () =>
      call('clearJournal', () => {
        world.journal = undefined
      }),
  }
}

/** The lock of that folder; a killed holder leaves it behind. */
export function lockOf(world: World, faults: Faults): Lock {
  const { call, look } = faults
  const take = (holder: LockHolder): LockHolder | undefined => {
    if (world.lock?.alive === true) throw new Expected({ code: 'locked', holder: world.lock.holder })
    const tookOver = world.lock?.holder
    world.lock = { holder, alive: true }
    return tookOver
  }
  return {
    frozen: () => look('frozen', () => world.freeze),
    freeze: (freeze) =>
      call('freeze', () => {
        world.freeze = freeze
      }),
    thaw: () =>
      call('thaw', () => {
        world.freeze = undefined
      }),
    holder: () => look('holder', () => (world.lock?.alive === true ? world.lock.holder : undefined)),
    hold: async (command, fn) => {
      const since = new Date(world.nowMs).toISOString()
      const me: LockHolder = { pid: 1, host: 'here', user: 'ada', command, step: 'preflight', since }
      const tookOver = await look('take the lock', () => take(me))
      const ours = () => {
        if (world.lock?.holder !== me) throw new Expected({ code: 'lock-lost' })
      }
      const held: HeldLock = {
        me,
        tookOver,
        check: () => look('check', ours),
        at: (step) =>
          call('at', () => {
            ours()
            me.step = step
          }),
      }
      try {
        return await fn(held)
      } finally {
        if (world.lock?.holder === me) world.lock = faults.dead() ? { holder: me, alive: false } : undefined
      }
    },
  }
}
