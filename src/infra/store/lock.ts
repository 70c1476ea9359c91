import { hostname } from 'node:os'
import { join } from 'node:path'
import type { HeldLock, Lock } from '../../app/ports/records.ts'
import { Expected, type LockHolder } from '../../domain/failure.ts'
import { randomHex } from '../digest.ts'
import { mkdir, rm, rmdir, stat, withCallbacks } from '../files.ts'
import { errorCode, onFile } from './failures.ts'
import { createFreezeFile } from './freeze.ts'
import { refuseForeign } from './own-folder.ts'
import { isAlive, type ProcessMark, startOf } from './process-life.ts'
import { hasShape, parseJson, readRecord } from './records.ts'
import { FOLDER_MODE, replaceFile } from './write-atomic.ts'

/** lock.json: the holder, and what tells it from any other that ever was. */
type LockRecord = LockHolder & Pick<ProcessMark, 'started'> & { token: string }

type Place = { dir: string; folder: string; guard: string; record: string }

// The holder's heartbeat. A holder on this host is judged by its process alone: however long it was suspended, a
// live one keeps the lock. Only one on another host, which nobody here can see, is dead after a minute of silence.
const HEARTBEAT_MS = 5_000
const SILENT_AFTER_MS = 60_000
const NEVER_STALE = Number.MAX_SAFE_INTEGER
// The guard is held for milliseconds; one that is older was left by a crash in them.
const GUARD_STALE_MS = 5_000

/** The lock of a deployments folder: `lock` is proper-lockfile's, lock.json says who holds it. */
export function createLock(options: { dir: string; user: string }): Lock {
  const { dir, user } = options
  const freeze = createFreezeFile(dir)
  const place: Place = {
    dir,
    folder: join(dir, 'lock'),
    guard: join(dir, 'lock.guard'),
    record: join(dir, 'lock.json'),
  }
  return {
    holder: async () => (await living(place))?.holder,
    frozen: freeze.read,
    freeze: freeze.write,
    thaw: freeze.remove,
    hold: async (command, fn) => {
      const since = new Date().toISOString()
      const me: LockHolder = { pid: process.pid, host: hostname(), user, command, step: 'preflight', since }
      const held = await acquire(place, me)
      try {
        return await fn(held.lock)
      } finally {
        await held.release()
      }
    },
  }
}

type Held = { lock: HeldLock; release: () => Promise<void> }

async function acquire(place: Place, me: LockHolder): Promise<Held> {
  // One whose record does not say who holds it is looked at again under the guard.
  const found = await living(place)
  if (found?.holder !== undefined) throw new Expected({ code: 'locked', holder: found.holder })
  await onFile(place.dir, () => refuseForeign(place.dir))
  const { lock: lockFolder } = (await import('proper-lockfile')).default
  await onFile(place.dir, () => mkdir(place.dir, { recursive: true, mode: FOLDER_MODE }))
  // Taking is test, remove, write and make: under the guard nobody ever sees, or removes, half of it.
  const leaveGuard = await enterGuard(place, lockFolder)
  try {
    await refuseLiving(place)
    const tookOver = await clear(place)
    const state = { lost: false }
    const record: LockRecord = { ...me, started: await startOf(me.pid), token: randomHex(16) }
    // The record comes first and goes last: killed anywhere between, nobody leaves a lock that does not say whose it is.
    await write(place, record)
    const unlock = await onFile(place.folder, () =>
      lockFolder(place.dir, {
        lockfilePath: place.folder,
        fs: withCallbacks,
        stale: NEVER_STALE,
        update: HEARTBEAT_MS,
        // The default throws where nobody can catch it; the next `at` tells instead.
        onCompromised: () => {
          state.lost = true
        },
      }),
    ).catch(async (error: unknown) => {
      await rm(place.record, { force: true }).catch(() => {})
      throw error
    })
    return holding({ place, record, me, tookOver, state, unlock, enter: () => enterGuard(place, lockFolder) })
  } finally {
    await leaveGuard().catch(() => {})
  }
}

function holding(held: {
  place: Place
  record: LockRecord
  me: LockHolder
  tookOver: LockHolder | undefined
  state: { lost: boolean }
  unlock: () => Promise<void>
  enter: () => Promise<() => Promise<void>>
}): Held {
  const { enter, place, record, me, tookOver, state, unlock } = held
  const isOurs = async () => !state.lost && (await readHolder(place))?.token === record.token
  const check = async () => {
    if (!(await isOurs())) throw new Expected({ code: 'lock-lost' })
  }
  return {
    lock: {
      me,
      tookOver,
      check,
      at: async (step) => {
        await check()
        record.step = step
        await write(place, record)
      },
    },
    release: async () => {
      const leaveGuard = await enter().catch(() => undefined)
      const ours = await isOurs().catch(() => false)
      await unlock().catch(() => {})
      if (ours) await rm(place.record, { force: true }).catch(() => {})
      await leaveGuard?.().catch(() => {})
    },
  }
}

type LockFolder = typeof import('proper-lockfile')['lock']

async function enterGuard(place: Place, lockFolder: LockFolder): Promise<() => Promise<void>> {
  try {
    // Its own first argument: proper-lockfile keeps one lock a file, wherever lockfilePath points, and leaving the
    // guard would let go of the lock.
    return await lockFolder(place.guard, {
      lockfilePath: place.guard,
      fs: withCallbacks,
      realpath: false,
      stale: GUARD_STALE_MS,
      retries: { retries: 400, factor: 1, minTimeout: 25, maxTimeout: 25 },
      onCompromised: () => {},
    })
  } catch (error) {
    if (errorCode(error) !== 'ELOCKED') await onFile(place.guard, () => Promise.reject(error))
    throw new Expected({ code: 'locked', holder: (await living(place))?.holder }, error)
  }
}

async function refuseLiving(place: Place): Promise<void> {
  const found = await living(place)
  if (found) throw new Expected({ code: 'locked', holder: found.holder })
}

/** Whoever holds the lock and is not known to be dead; `holder` is undefined when nothing says who. */
async function living(place: Place): Promise<{ holder: LockHolder | undefined } | undefined> {
  const beat = await stat(place.folder).catch(() => undefined)
  if (!beat) return undefined
  const silentMs = Date.now() - beat.mtimeMs
  const record = await readHolder(place)
  if (!record) return silentMs < SILENT_AFTER_MS ? { holder: undefined } : undefined
  const alive = record.host === hostname() ? await isAlive(record) : silentMs < SILENT_AFTER_MS
  return alive ? { holder: holderOf(record) } : undefined
}

/** Removes what a dead holder left, and says who it was. Under the guard only. */
async function clear(place: Place): Promise<LockHolder | undefined> {
  const record = await readHolder(place)
  await onFile(place.folder, async () => {
    await rmdir(place.folder).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error
    })
  })
  await onFile(place.record, () => rm(place.record, { force: true }))
  return record && holderOf(record)
}

async function readHolder({ record }: Place): Promise<LockRecord | undefined> {
  const written = await readRecord(record)
  const parsed = written && parseJson(written)
  const value = parsed && 'value' in parsed ? parsed.value : undefined
  return hasShape(value, RECORD_SHAPE) ? (value as LockRecord) : undefined
}

const RECORD_SHAPE = {
  pid: 'number',
  host: 'string',
  user: 'string',
  command: 'string',
  step: 'string',
  since: 'string',
  token: 'string',
} as const

async function write(place: Place, record: LockRecord): Promise<void> {
  await onFile(place.record, () => replaceFile(place.record, `${JSON.stringify(record, undefined, 2)}\n`))
}

function holderOf({ pid, host, user, command, step, since }: LockRecord): LockHolder {
  return { pid, host, user, command, step, since }
}
