import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Journal } from '../../src/app/ports/records.ts'
import { type Failure, failureOf, type LockHolder } from '../../src/domain/failure.ts'
import { createLock } from '../../src/infra/store/lock.ts'
import { createStore } from '../../src/infra/store/store.ts'
import { entryOf, GREEN_2, snapshotOf } from '../domain/records.ts'

const HOLDER: LockHolder = {
  pid: 1,
  host: 'h',
  user: 'ada',
  command: 'perform',
  step: 'start',
  since: '2026-01-29',
}
const JOURNAL: Journal = {
  ...{ format: 1, app: 'shop', command: 'perform', holder: HOLDER, target: 'green', from: 'blue' },
  ...{ release: GREEN_2, previous: undefined, generation: 1, startsColor: true, madeProxy: false },
  ...{ displaced: undefined, step: 'start', startedAt: '2026-01-29T10:15:30.000Z' },
}
const METADATA = `${GREEN_2}/metadata.json`
const RECORDS = ['active', 'history.json', 'journal.json', METADATA] as const

type Name = (typeof RECORDS)[number]

let root: string
let dir: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'vt-store-files-'))
  dir = join(root, 'deployments')
  await writeAll()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function writeAll(): Promise<void> {
  const store = createStore(dir)
  await store.writeActive('green')
  await store.append(entryOf(GREEN_2))
  await store.writeJournal(JOURNAL)
  const metadata = snapshotOf(GREEN_2)
  if (!existsSync(join(dir, GREEN_2)))
    await store.writeSnapshot({ metadata, model: { services: {} }, dotenv: '', containers: '' })
  else await store.updateMetadata(metadata)
}

/** What a reader makes of the folder: every record, and what was told of those that are none. */
async function read() {
  const store = createStore(dir)
  const records = await store.read()
  return { ...records, journal: await store.readJournal() }
}

const ALL_WELL = { active: 'green', setAside: [], broken: [], journal: { release: GREEN_2 } }

const DAMAGES: Record<string, (path: string) => void> = {
  truncated: (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  empty: (path) => truncateSync(path, 0),
  'zeros, as a power cut leaves them': (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
  garbage: (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x22, 0x80])),
  'JSON of another kind': (path) => writeFileSync(path, '{"format": "one"}'),
  'a named pipe': (path) => {
    rmSync(path)
    execFileSync('mkfifo', [path])
  },
  'a link that leads nowhere': (path) => {
    rmSync(path)
    symlinkSync(join(root, 'nowhere'), path)
  },
  'a link to a device': (path) => {
    rmSync(path)
    symlinkSync('/dev/zero', path)
  },
  'a link to something else': (path) => {
    writeFileSync(join(root, 'other'), 'not yours\n')
    rmSync(path)
    symlinkSync(join(root, 'other'), path)
  },
}

describe.each(RECORDS)('%s', (name: Name) => {
  test.each(Object.keys(DAMAGES))(
    '%s: is told and kept, the others are read, and it is written anew',
    async (damage) => {
      const path = join(dir, name)
      DAMAGES[damage]?.(path)
      const damaged = contentOf(path)
      const found = await read()
      if (name === METADATA) {
        expect(found).toMatchObject({ ...ALL_WELL, broken: [{ id: GREEN_2 }] })
      } else {
        expect(found).toMatchObject({ ...lost(name), setAside: [{ file: name }] })
        expect(contentOf(join(dir, found.setAside[0]?.keptAs ?? ''))).toEqual(damaged)
      }
      await writeAll()
      expect(await read()).toMatchObject(ALL_WELL)
      expect(lstatSync(path).isSymbolicLink()).toBe(false)
      if (damage === 'a link to something else')
        expect(readFileSync(join(root, 'other'), 'utf8')).toBe('not yours\n')
    },
  )

  test('missing: reads as none, and is written anew', async () => {
    rmSync(join(dir, name))
    expect(await read()).toMatchObject(
      name === METADATA ? { ...ALL_WELL, broken: [{ id: GREEN_2 }] } : lost(name),
    )
    await writeAll()
    expect(await read()).toMatchObject(ALL_WELL)
  })

  test('a folder in its place: is told, and kept with all that is in it', async () => {
    const path = join(dir, name)
    rmSync(path)
    mkdirSync(path)
    writeFileSync(join(path, 'inside'), 'somebody put this here')
    const reason = 'It is a folder, not a file.'
    const found = await read()
    if (name === METADATA) {
      expect(found).toMatchObject({ broken: [{ id: GREEN_2, reason: `metadata.json: ${reason}` }] })
      return
    }
    expect(found).toMatchObject({ ...lost(name), setAside: [{ file: name, reason }] })
    expect(existsSync(join(dir, found.setAside[0]?.keptAs ?? '', 'inside'))).toBe(true)
    await writeAll()
    expect(await read()).toMatchObject(ALL_WELL)
  })

  test('readable by others: is for its owner alone once it is written again', async () => {
    chmodSync(join(dir, name), 0o666)
    chmodSync(dir, 0o755)
    await createStore(dir).check()
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    await writeAll()
    expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
  })
})

test('several damaged at once are each told, and two readers at once tell each of them once', async () => {
  for (const name of ['active', 'history.json', 'journal.json']) writeFileSync(join(dir, name), '\0')
  const readers = await Promise.all([createStore(dir).read(), createStore(dir).read()])
  const told = readers.flatMap(({ setAside }) => setAside.map(({ file }) => file))
  expect(told.sort()).toEqual(['active', 'history.json', 'journal.json'])
})

test('a snapshot whose folder is a link is no snapshot: nothing is read from elsewhere', async () => {
  renameSync(join(dir, GREEN_2), join(root, GREEN_2))
  symlinkSync(join(root, GREEN_2), join(dir, GREEN_2))
  expect((await createStore(dir).read()).snapshots).toEqual([])
})

describe('lock.json', () => {
  const record = () => join(dir, 'lock.json')
  const lock = () => createLock({ dir, user: 'ada' })

  test.each(Object.keys(DAMAGES))('%s, of nobody: the lock is free', async (damage) => {
    writeFileSync(record(), JSON.stringify({ ...HOLDER, token: 'x' }))
    DAMAGES[damage]?.(record())
    expect(await lock().holder()).toBeUndefined()
    expect(await lock().hold('switch', async () => 'held')).toBe('held')
    expect(readdirSync(dir)).not.toContain('lock')
  })

  test.each(Object.keys(DAMAGES))(
    '%s, of a lock that beats: nobody else gets it; silent, it is taken over',
    async (damage) => {
      mkdirSync(join(dir, 'lock'))
      writeFileSync(record(), JSON.stringify({ ...HOLDER, token: 'x' }))
      DAMAGES[damage]?.(record())
      expect(await failure(lock().hold('switch', async () => {}))).toEqual({
        code: 'locked',
        holder: undefined,
      })
      utimesSync(join(dir, 'lock'), new Date(0), new Date(0))
      expect(await lock().hold('switch', async () => 'held')).toBe('held')
    },
  )
})

describe('freeze.json', () => {
  test.each(Object.keys(DAMAGES))('%s: still freezes, until it is lifted', async (damage) => {
    const lock = createLock({ dir, user: 'ada' })
    await lock.freeze({ user: 'ada', host: 'h', since: '2026-01-29T10:15:30.000Z', message: 'until Monday' })
    expect(await lock.frozen()).toMatchObject({ user: 'ada', message: 'until Monday' })
    DAMAGES[damage]?.(join(dir, 'freeze.json'))
    expect(await lock.frozen()).toMatchObject({ user: 'unknown' })
    await lock.thaw()
    expect(await lock.frozen()).toBeUndefined()
  })
})

test.each(['docker-compose.yml', '.env', 'containers.txt'])(
  'a snapshot whose %s is no file is broken, and jobs.txt is only ever written',
  async (file) => {
    const path = join(dir, GREEN_2, file)
    rmSync(path)
    execFileSync('mkfifo', [path])
    expect(await failure(createStore(dir).readSnapshot(GREEN_2))).toEqual({
      code: 'snapshot-broken',
      id: GREEN_2,
      reason: `${file}: It is a named pipe, not a file.`,
    })
    execFileSync('mkfifo', [join(dir, GREEN_2, 'jobs.txt')])
    await createStore(dir).writeJobs(GREEN_2, 'done\n')
    expect(readFileSync(join(dir, GREEN_2, 'jobs.txt'), 'utf8')).toBe('done\n')
  },
)

/** What a file says; of what cannot be read, what it is. */
function contentOf(path: string): Buffer | string {
  const { mode } = lstatSync(path)
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : `mode ${mode}`
}

/** What is read where one record is gone and the others are well. */
function lost(name: Name): object {
  if (name === 'active') return { ...ALL_WELL, active: undefined, setAside: expect.any(Array) }
  if (name === 'journal.json') return { ...ALL_WELL, journal: undefined, setAside: expect.any(Array) }
  return { ...ALL_WELL, history: [], setAside: expect.any(Array) }
}

async function failure(doing: Promise<unknown>): Promise<Failure | undefined> {
  return failureOf(await doing.catch((error: unknown) => error))
}
