import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Journal, Snapshot } from '../../src/app/ports/records.ts'
import { Expected, failureOf } from '../../src/domain/failure.ts'
import type { HistoryEntry, Metadata } from '../../src/domain/release.ts'
import { createStore } from '../../src/infra/store/store.ts'
import { begin } from '../support/run.ts'
import { until } from '../support/until.ts'

const ID = 'blue-20260129-101530'
const failure = async (promise: Promise<unknown>) => failureOf(await promise.catch((error: unknown) => error))

let root: string
let dir: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vt-infra-store-'))
  dir = join(root, 'deployments')
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('an empty deployments folder', () => {
  test('that does not exist reads as no records, and reading makes nothing', async () => {
    expect(await createStore(dir).read()).toEqual({
      active: undefined,
      history: [],
      snapshots: [],
      setAside: [],
      broken: [],
    })
    expect(await createStore(dir).readJournal()).toBeUndefined()
    expect(readdirSync(root)).toEqual([])
  })

  test('is created by the check, for its owner alone, and the check leaves nothing in it', async () => {
    const { freeBytes } = await createStore(dir).check()
    expect(freeBytes).toBeGreaterThan(1_000_000)
    expect(mode(dir)).toBe('700')
    expect(readdirSync(dir)).toEqual([])
  })

  test('is not left behind by a check in passing, nor taken away where it was there', async () => {
    await createStore(join(dir, 'a', 'b')).check('in-passing')
    expect(readdirSync(root)).toEqual([])
    mkdirSync(dir, { mode: 0o700 })
    await createStore(join(dir, 'a', 'b')).check('in-passing')
    await createStore(dir).check('in-passing')
    expect(readdirSync(root, { recursive: true })).toEqual([basename(dir)])
  })

  test('is proved to be writable by a file that the next check removes, if this one dies before it can', async () => {
    mkdirSync(dir, { mode: 0o700 })
    const made: string[] = []
    const watching = watch(dir, (_, name) => void made.push(name ?? ''))
    await createStore(dir).check()
    await until(() => made.length > 0)
    watching.close()
    for (const name of made) writeFileSync(join(dir, name), '')
    const anHourAgo = Date.now() / 1_000 - 3_700
    for (const name of made) utimesSync(join(dir, name), anHourAgo, anHourAgo)
    await createStore(dir).check()
    expect(readdirSync(dir)).toEqual([])
  })

  test('loses the rights of others that a checkout gave it', async () => {
    mkdirSync(dir, { mode: 0o755 })
    await createStore(dir).check()
    expect(mode(dir)).toBe('700')
  })

  test.each([
    [
      'what others read, too',
      ['.env', 'compose.yaml', 'public'],
      /no longer get at compose\.yaml, public: records/,
    ],
    ['a whole system', ['bin', 'etc', 'home', 'usr'], /bin, etc, home and 1 more/],
  ])('that holds %s is refused, and nobody loses any right', async (_, names, reason) => {
    mkdirSync(dir, { mode: 0o755 })
    for (const name of names) writeFileSync(join(dir, name), '', { mode: 0o644 })
    const store = createStore(dir)
    for (const ask of [store.check, store.tighten, () => store.writeActive('blue')])
      expect(await failure(ask())).toEqual({
        code: 'deployment-dir-unwritable',
        path: dir,
        reason: expect.stringMatching(reason),
      })
    expect([dir, ...names.map((name) => join(dir, name))].map(mode)).toEqual([
      '755',
      ...names.map(() => '644'),
    ])
  })

  test('that is closed already may hold something else, which is left as it is', async () => {
    mkdirSync(dir, { mode: 0o700 })
    writeFileSync(join(dir, 'notes.txt'), '', { mode: 0o644 })
    await createStore(dir).check()
    expect(await createStore(dir).tighten()).toEqual([])
    expect(mode(join(dir, 'notes.txt'))).toBe('644')
  })
})

test('rights that others have to anything in the folder are taken, and told; a link’s target is not ours', async () => {
  const store = createStore(dir)
  expect(await store.tighten()).toEqual([])
  mkdirSync(join(dir, ID), { recursive: true, mode: 0o755 })
  writeFileSync(join(dir, ID, '.env'), 'SECRET=1', { mode: 0o644 })
  writeFileSync(join(dir, 'active'), 'blue', { mode: 0o600 })
  writeFileSync(join(root, 'elsewhere'), '', { mode: 0o644 })
  symlinkSync(join(root, 'elsewhere'), join(dir, 'history.json'))
  mkdirSync(join(root, 'folder'))
  writeFileSync(join(root, 'folder/file'), '', { mode: 0o644 })
  symlinkSync(join(root, 'folder'), join(dir, 'proxy'))
  expect(await store.tighten()).toEqual(['.', ID, `${ID}/.env`])
  expect([dir, join(dir, ID), join(dir, ID, '.env')].map(mode)).toEqual(['700', '700', '600'])
  for (const name of ['elsewhere', 'folder/file']) expect(mode(join(root, name))).toBe('644')
  expect(await store.tighten()).toEqual([])
})

describe('records', () => {
  test('are read as they were written', async () => {
    const store = createStore(dir)
    await store.writeActive('green')
    await store.append(entry({ command: 'perform' }))
    await store.append(entry({ command: 'switch' }))
    await store.writeJournal(journal())
    await store.writeSnapshot(snapshot())
    const records = await store.read()
    expect(records).toMatchObject({ active: 'green', setAside: [] })
    expect(records.history.slice().map(({ command }) => command)).toEqual(['perform', 'switch'])
    expect(records.snapshots).toEqual([metadata()])
    expect(await store.readJournal()).toEqual(journal())
    expect(await store.readSnapshot(ID)).toEqual(snapshot())
    expect(readFileSync(join(dir, 'active'), 'utf8')).toBe('green\n')
  })

  test('are laid out the same whoever wrote the entries before, and however', async () => {
    const [first, second, third] = [entry({ command: 'a' }), entry({ command: 'b' }), entry({ command: 'c' })]
    const path = join(dir, 'history.json')
    const whole = `${JSON.stringify([first, second, third], undefined, 2)}\n`
    const store = createStore(dir)
    for (const each of [first, second, third]) await store.append(each)
    expect(readFileSync(path, 'utf8')).toBe(whole)
    writeFileSync(path, JSON.stringify([first, second]))
    await createStore(dir).append(third)
    expect(readFileSync(path, 'utf8')).toBe(whole)
    writeFileSync(path, '[]')
    await store.append(third)
    expect((await store.read()).history).toEqual([third])
  })

  test('are for their owner alone', async () => {
    const store = createStore(dir)
    await store.writeActive('blue')
    await store.writeSnapshot(snapshot())
    expect([mode(dir), mode(join(dir, ID)), mode(join(dir, 'active'))]).toEqual(['700', '700', '600'])
    for (const name of ['.env', 'docker-compose.yml', 'containers.txt', 'metadata.json'])
      expect(mode(join(dir, ID, name))).toBe('600')
  })

  test('that are taken away are gone, and taking them away twice is no error', async () => {
    const store = createStore(dir)
    await store.writeActive('blue')
    await store.writeJournal(journal())
    await store.writeSnapshot(snapshot())
    for (const _ of [1, 2]) {
      await store.writeActive(undefined)
      await store.clearJournal()
      await store.removeSnapshot(ID)
    }
    expect(readdirSync(dir)).toEqual([])
  })

  test('of a snapshot change without the rest of it', async () => {
    const store = createStore(dir)
    await store.writeSnapshot(snapshot())
    await store.updateMetadata({ ...metadata(), health: 'failed' })
    expect((await store.readSnapshot(ID)).metadata.health).toBe('failed')
  })
})

describe('a history of years', () => {
  const ENTRIES = Array.from({ length: 250 }, (_, nth) => entry({ command: `run ${nth}`, own: ['a', 'b'] }))
  const write = (text: string) => {
    mkdirSync(dir, { mode: 0o700 })
    writeFileSync(join(dir, 'history.json'), text)
  }
  const written = (entries: readonly unknown[]) => `${JSON.stringify(entries, undefined, 2)}\n`
  const damaged = (nth: number) => written(ENTRIES).replace(`"run ${nth}"`, '"run')

  test.each([99, 100, 101, 102, 250])('of %i entries answers as a list of them does', async (length) => {
    const entries = ENTRIES.slice(0, length)
    write(written(entries))
    for (const nth of [0, 1, 98, 99, 100, 101, 249]) {
      const { history } = await createStore(dir).read()
      const isIt = ({ command }: HistoryEntry) => command === `run ${nth}`
      expect(history.findLast(isIt)).toEqual(entries.findLast(isIt))
      for (const from of [nth, -nth]) {
        const again = (await createStore(dir).read()).history
        expect([again.at(from), again.slice(from)]).toEqual([entries.at(from), entries.slice(from)])
      }
    }
  })

  test('gets its next entry behind the others, which stay as they are to the byte', async () => {
    const next = entry({ command: 'next' })
    for (const text of [written(ENTRIES), damaged(20)]) {
      write(text)
      const store = createStore(dir)
      await store.append(next)
      const behind = `,\n${written([next]).slice('[\n'.length)}`
      expect(readFileSync(join(dir, 'history.json'), 'utf8')).toBe(text.slice(0, -'\n]\n'.length) + behind)
      expect((await store.read()).history.slice(-2)).toEqual([ENTRIES.at(-1), next])
      rmSync(dir, { recursive: true })
    }
  })

  test('of which an old part is damaged still tells its last entries; a look at the whole tells of it', async () => {
    write(damaged(20))
    const store = createStore(dir)
    const { history, setAside } = await store.read()
    expect(setAside).toEqual([])
    expect(history.slice(-3)).toEqual(ENTRIES.slice(-3))
    expect(history.findLast(({ command }) => command === 'run 3')).toBeUndefined()
    expect((await store.read('whole')).setAside).toMatchObject([{ file: 'history.json' }])
    expect((await store.read()).history.slice()).toEqual([])
  })

  test('whose last part is damaged is set aside at once', async () => {
    write(damaged(200))
    expect((await createStore(dir).read()).setAside).toMatchObject([{ file: 'history.json' }])
  })

  test('that was understood from its end is not taken for the whole later', async () => {
    write(damaged(20))
    const store = createStore(dir)
    await store.read()
    expect((await store.read('whole')).setAside).toHaveLength(1)
  })

  test('that a later version went on with is refused, however old the entry that says so', async () => {
    const newer = { ...entry({}), format: 2 }
    write(written([...ENTRIES, newer]))
    expect(await failure(createStore(dir).read())).toMatchObject({ code: 'record-too-new' })
    writeFileSync(join(dir, 'history.json'), written([newer, ...ENTRIES]))
    expect(await failure(createStore(dir).read('whole'))).toMatchObject({ code: 'record-too-new' })
    const { history } = await createStore(dir).read()
    expect(() => history.slice()).toThrow(Expected)
  })
})

describe('a corrupt file', () => {
  const cases: [name: string, text: string][] = [
    ['active', 'purple\n'],
    ['history.json', '[{"format": 1, "at": '],
    ['history.json', ''],
    ['history.json', '{"format": 1}'],
    ['history.json', '[1]'],
  ]
  test.each(cases)('%s with %j is set aside, told, and not overwritten', async (name, text) => {
    mkdirSync(dir)
    writeFileSync(join(dir, name), text)
    const store = createStore(dir)
    const { setAside } = await store.read()
    expect(setAside).toMatchObject([{ file: name }])
    const keptAs = setAside[0]?.keptAs ?? ''
    expect(keptAs.startsWith(`${name}.corrupt-`)).toBe(true)
    expect(readFileSync(join(dir, keptAs), 'utf8')).toBe(text)
    expect((await store.read()).setAside).toEqual([])
  })

  test('as journal is set aside and reads as none', async () => {
    mkdirSync(dir)
    writeFileSync(join(dir, 'journal.json'), '{"format":1')
    expect(await createStore(dir).readJournal()).toBeUndefined()
    expect(readdirSync(dir).filter((name) => name.startsWith('journal.json.corrupt-'))).toHaveLength(1)
  })

  test('as metadata breaks only its own snapshot, and is told', async () => {
    const store = createStore(dir)
    await store.writeSnapshot(snapshot())
    writeFileSync(join(dir, ID, 'metadata.json'), '{')
    expect(await store.read()).toMatchObject({ snapshots: [], broken: [{ id: ID }] })
    expect(await failure(store.readSnapshot(ID))).toMatchObject({ code: 'snapshot-broken', id: ID })
  })
})

describe('a snapshot', () => {
  test('that is not there is missing, and the known ones are named', async () => {
    const store = createStore(dir)
    await store.writeSnapshot(snapshot())
    const missing = { code: 'snapshot-missing', id: 'green-20260129-101531', known: [ID] }
    expect(await failure(store.readSnapshot('green-20260129-101531'))).toEqual(missing)
  })

  test.each(['../../etc', 'blue', '', 'blue-20260129-101530/../x'])('id %j leads nowhere', async (id) => {
    expect(await failure(createStore(dir).readSnapshot(id))).toMatchObject({ code: 'snapshot-missing' })
  })

  test('without a compose file is broken', async () => {
    const store = createStore(dir)
    await store.writeSnapshot(snapshot())
    rmSync(join(dir, ID, 'docker-compose.yml'))
    expect(await failure(store.readSnapshot(ID))).toMatchObject({ code: 'snapshot-broken' })
  })

  test('is not confused with other folders', async () => {
    mkdirSync(join(dir, 'notes'), { recursive: true })
    mkdirSync(join(dir, `.${ID}.tmp-0123456789ab`))
    expect((await createStore(dir).read()).snapshots).toEqual([])
  })

  test('gives Compose the very values it was made from', async () => {
    const store = createStore(dir)
    await store.writeSnapshot(snapshot())
    const argv = ['compose', '-p', 'vt-infra-x', '-f', store.composePath(ID), 'config', '--format', 'json']
    const read = JSON.parse(execFileSync('docker', argv, { encoding: 'utf8' }))
    expect(read.services.web.environment).toEqual(snapshot().model.services.web?.environment)
    expect(read.services.web.command).toEqual(snapshot().model.services.web?.command)
  })
})

describe('a record of a newer version', () => {
  test.each(['history.json', 'journal.json', `${ID}/metadata.json`])('in %s is refused', async (name) => {
    const store = createStore(dir)
    await store.writeSnapshot(snapshot())
    const record = { ...metadata(), ...entry({}), format: 99 }
    writeFileSync(join(dir, name), JSON.stringify(name === 'history.json' ? [record] : record))
    const reading = name === 'journal.json' ? store.readJournal() : store.read()
    expect(await failure(reading)).toEqual({ code: 'record-too-new', file: name, found: 99, supported: 1 })
  })
})

describe('a folder that cannot be written, by root either', () => {
  const unwritable = async (path: string) => failure(createStore(path).check())

  test('because its path is a file', async () => {
    writeFileSync(dir, '')
    expect(await unwritable(dir)).toMatchObject({ code: 'deployment-dir-unwritable', path: dir })
    expect(await unwritable(join(dir, 'below'))).toMatchObject({ code: 'deployment-dir-unwritable' })
  })

  test('because it is mounted read-only', async () => {
    await onTmpfs('ro', async () => {
      expect(await unwritable(dir)).toMatchObject({
        code: 'deployment-dir-unwritable',
        reason: /read-only/,
        isFull: false,
      })
    })
  })

  test('because it is immutable', async () => {
    mkdirSync(dir, { mode: 0o700 })
    execFileSync('chattr', ['+i', dir])
    try {
      expect(await unwritable(dir)).toMatchObject({ code: 'deployment-dir-unwritable', reason: /immutable/ })
    } finally {
      execFileSync('chattr', ['-i', dir])
    }
  })
})

describe('a disk that is full', () => {
  test('leaves the old records as they were, and nothing half-written', async () => {
    await onTmpfs('size=64k', async () => {
      const store = createStore(dir)
      await store.writeActive('blue')
      await store.append(entry({ command: 'before' }))
      const before = readFileSync(join(dir, 'history.json'), 'utf8')
      const long = entry({ reason: 'x'.repeat(80_000) })
      expect(await failure(store.append(long))).toMatchObject({
        code: 'file-failed',
        reason: /no space/,
        isFull: true,
      })
      const big = { ...snapshot(), containers: 'x'.repeat(80_000) }
      expect(await failure(store.writeSnapshot(big))).toMatchObject({
        code: 'file-failed',
        reason: /no space/,
        isFull: true,
      })
      expect(readFileSync(join(dir, 'history.json'), 'utf8')).toBe(before)
      expect(readdirSync(dir).sort()).toEqual(['active', 'history.json'])
      expect((await store.read()).active).toBe('blue')
    })
  })

  test('is told by the check', async () => {
    await onTmpfs('size=64k', async () => {
      writeFileSync(join(dir, 'filler'), 'x'.repeat(64 * 1024))
      expect(await failure(createStore(dir).check())).toMatchObject({
        code: 'deployment-dir-unwritable',
        reason: /no space/,
        isFull: true,
      })
    })
  })
})

test('a reader never sees a half-written record while it is written over and over', async () => {
  const store = createStore(dir)
  await store.append(entry({}))
  // In a process of its own: what is done at once is never seen half done from within.
  const given = JSON.stringify(entry({ reason: 'y'.repeat(2_000) }))
  const argv = ['--import', 'tsx', '--input-type=module', '-e', WRITER, dir, given]
  const writer = begin(process.execPath, argv)
  let ended = false
  void writer.ended.then(() => {
    ended = true
  })
  let seen = 0
  while (!ended) {
    const { history, setAside } = await createStore(dir).read()
    expect(setAside).toEqual([])
    const { length } = history.slice()
    expect(length).toBeGreaterThanOrEqual(seen)
    seen = length
    await turn()
  }
  expect((await writer.ended).stderr).toBe('')
  expect((await store.read()).history.slice()).toHaveLength(61)
}, 30_000)

const WRITER = `
import { createStore } from '${new URL('../../src/infra/store/store.ts', import.meta.url)}'
const [dir, entry] = process.argv.slice(1)
const store = createStore(dir)
for (let i = 0; i < 60; i += 1) await store.append(JSON.parse(entry))
`

async function onTmpfs(options: string, fn: () => Promise<void>): Promise<void> {
  mkdirSync(dir, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=0700,${options}`, 'tmpfs', dir])
  try {
    await fn()
  } finally {
    execFileSync('umount', [dir])
  }
}

function entry(fields: Partial<HistoryEntry>): HistoryEntry {
  return {
    format: 1,
    at: '2026-01-29T10:15:30.000Z',
    command: 'perform',
    from: 'green',
    to: 'blue',
    release: ID,
    previous: 'green-20260128-101530',
    result: 'switched',
    durationMs: 1,
    user: 'ann',
    reason: 'because',
    ...fields,
  }
}

function metadata(): Metadata {
  return {
    format: 1,
    id: ID,
    app: 'shop',
    color: 'blue',
    created: '2026-01-29T10:15:30.000Z',
    command: 'perform',
    user: 'ann',
    git: { commit: 'abc', branch: 'main', dirty: false },
    fingerprint: 'f',
    images: [],
    services: [],
    routes: [],
    links: [],
    volumes: [],
    environment: {},
    containers: [],
    health: 'passed',
    durations: {},
    restoredFrom: 'blue-20260128-101530',
  }
}

function snapshot(): Snapshot {
  const environment = {
    PLAIN: 'x',
    YES: 'yes',
    NO: 'no',
    OCTAL: '012',
    TIME: '12:30:45',
    FLOAT: '1e3',
    NULL: 'null',
    TILDE: '~',
    DATE: '2026-01-29',
    DOLLAR: 'pa$$word $${x}',
    QUOTES: `"it's": {a} [b] # c`,
    LINES: 'one\n two\n\nthree\n',
    TAB: '\ttab ',
    EMPTY: '',
    MERGE: '<<',
    UNICODE: 'grün \u{1f7e2} \u0007 a\u2028b c\u0085d e\ufefff \u007f',
    LONG: 'word '.repeat(100),
    HEX: '0x1F',
    UNDERSCORE: '1_000',
    MINUS: '- x',
    PERCENT: '%d',
    AT: '@x',
  }
  const web = { image: 'x:1', environment, command: ['sh', '-c', 'echo "$$HOME" > /x; true'] }
  return {
    metadata: metadata(),
    model: { name: 'shop-blue', services: { web } },
    dotenv: 'A=1\n',
    containers: 'web\n',
  }
}

function journal(): Journal {
  const holder = {
    pid: 1,
    host: 'h',
    user: 'ann',
    command: 'perform',
    step: 'start',
    since: '2026-01-29T10:15:30.000Z',
  }
  return {
    format: 1,
    app: 'shop',
    command: 'perform',
    holder,
    target: 'blue',
    from: 'green',
    release: ID,
    previous: 'green-20260127-101530',
    generation: 4,
    startsColor: true,
    madeProxy: false,
    displaced: 'blue-20260128-101530',
    step: 'start',
    startedAt: '2026-01-29T10:15:30.000Z',
  }
}
