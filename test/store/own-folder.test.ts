import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import { createLock } from '../../src/infra/store/lock.ts'
import { judgeFolder, type Owned } from '../../src/infra/store/own-folder.ts'
import { createStore } from '../../src/infra/store/store.ts'

const ME = 1_000
const OTHER = 1_001
const mine: Owned = { uid: ME, gid: ME, mode: 0o700, link: false }

function judge(found: { way?: Partial<Owned>; folder?: Partial<Owned>; entry?: Partial<Owned> }) {
  return judgeFolder({
    way: { ...mine, ...found.way },
    folder: { ...mine, ...found.folder },
    entries: new Map([['lock', { ...mine, ...found.entry }]]),
    trusted: new Set([0, ME]),
  })
}

describe('a deployments folder', () => {
  test('of our own or of root is taken, readable by others or not', () => {
    for (const mode of [0o700, 0o750, 0o755]) expect(judge({ folder: { mode } })).toBeUndefined()
    expect(judge({ folder: { uid: 0, gid: 0 }, way: { uid: 0 } })).toBeUndefined()
    expect(judge({ way: { link: true } })).toBeUndefined()
    expect(judge({ folder: { mode: 0o775 } })).toBeUndefined()
  })

  test.each([
    ['another user has', { folder: { uid: OTHER } }, /folder of another user, 1001/],
    [
      'a link of another user leads to',
      { way: { uid: OTHER, link: true } },
      /symbolic link that belongs to another/,
    ],
    ['everybody may write into', { folder: { mode: 0o1777 } }, /every user of this machine/],
    ['a group may write into', { folder: { mode: 0o770, gid: 50 } }, /its group, 50,/],
    ['holds a lock of another user', { entry: { uid: OTHER } }, /lock in it belongs to another user, 1001/],
    ['holds a link that leads out', { entry: { link: true } }, /lock in it is a symbolic link/],
  ])('that %s is refused', (_, found, reason) => {
    expect(judge(found)).toMatch(reason)
  })

  test('is never taken where somebody who is not trusted may write into it', () => {
    const owned = fc.record({
      uid: fc.constantFrom(0, ME, OTHER),
      gid: fc.constantFrom(0, ME, OTHER),
      mode: fc.integer({ min: 0, max: 0o1777 }),
      link: fc.boolean(),
    })
    fc.assert(
      fc.property(owned, owned, owned, (way, folder, entry) => {
        const open = (folder.mode & 0o002) !== 0 || ((folder.mode & 0o020) !== 0 && folder.gid === OTHER)
        const foreign = [way, folder, entry].some(({ uid }) => uid === OTHER)
        if (open || foreign || entry.link) expect(judge({ way, folder, entry })).toBeTypeOf('string')
      }),
    )
  })
})

describe('on a disk', () => {
  let top: string
  let dir: string
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'vt-own-'))
    dir = join(top, 'deployments')
  })
  afterEach(() => rmSync(top, { recursive: true, force: true }))

  const check = async () =>
    failureOf(
      await createStore(dir)
        .check()
        .catch((error: unknown) => error),
    )
  const hold = async () =>
    failureOf(
      await createLock({ dir, user: 'ada' })
        .hold('perform', async () => undefined)
        .catch((error: unknown) => error),
    )

  test('one that everybody may write into is neither used nor locked, and left as it is', async () => {
    mkdirSync(dir)
    chmodSync(dir, 0o777)
    const refused = {
      code: 'folder-unsafe',
      path: dir,
      reason: 'every user of this machine may write into it',
    }
    expect(await check()).toEqual(refused)
    expect(await hold()).toEqual(refused)
    chmodSync(dir, 0o700)
    expect(await check()).toBeUndefined()
    expect(await hold()).toBeUndefined()
  })

  test('a lock that is a symbolic link is refused', async () => {
    mkdirSync(dir, { mode: 0o700 })
    mkdirSync(join(top, 'elsewhere'))
    symlinkSync(join(top, 'elsewhere'), join(dir, 'lock'))
    const refused = { code: 'folder-unsafe', reason: 'lock in it is a symbolic link, and leads out of it' }
    expect(await check()).toMatchObject(refused)
    expect(await hold()).toMatchObject(refused)
  })

  test('a link of our own to a folder of our own is followed', async () => {
    mkdirSync(join(top, 'shared'), { mode: 0o700 })
    symlinkSync(join(top, 'shared'), dir)
    expect(await check()).toBeUndefined()
    expect(await hold()).toBeUndefined()
  })
})
