import { dirname, join } from 'node:path'
import type { Journal, Store } from '../../app/ports/records.ts'
import { type Color, parseColor } from '../../domain/color.ts'
import type { SetAside } from '../../domain/facts.ts'
import { Expected } from '../../domain/failure.ts'
import { chmod, mkdir, rm, rmdir, stat, statfs } from '../files.ts'
import { errorCode, onFile, refusalOf } from './failures.ts'
import { createHistoryFile } from './history.ts'
import { refuseForeign } from './own-folder.ts'
import { refuseShared } from './own-names.ts'
import { hasShape, parseJson, readRecord, refuseNewer, setAside } from './records.ts'
import { createSnapshots } from './snapshots.ts'
import { tighten } from './tighten.ts'
import { FOLDER_MODE, removeTemporaries, syncFolder, temporaryName, writeAtomic } from './write-atomic.ts'

/** The deployments folder (design §5); nothing is created before something is written. */
export function createStore(dir: string): Store {
  const file = {
    active: join(dir, 'active'),
    history: join(dir, 'history.json'),
    journal: join(dir, 'journal.json'),
  }
  const snapshots = createSnapshots(dir)
  const history = createHistoryFile(file.history)
  const write = async (path: string, text: string) => {
    await onFile(path, async () => {
      await ensureFolder(dir)
      await writeAtomic(path, text)
    })
  }
  return {
    check: async (how) => {
      let made: string | undefined
      try {
        await refuseForeign(dir)
        made = await ensureFolder(dir)
        await removeTemporaries(dir)
        await proveWritable(dir)
        const { bavail, bsize } = await statfs(dir)
        return { freeBytes: bavail * bsize }
      } catch (error) {
        if (error instanceof Expected) throw error
        throw new Expected({ code: 'deployment-dir-unwritable', path: dir, ...refusalOf(error) }, error)
      } finally {
        if (how === 'in-passing' && made !== undefined) await removeEmpty(dir, made)
      }
    },
    tighten: () => onFile(dir, () => tighten(dir)),
    read: async (depth) => {
      const aside: SetAside[] = []
      const active = await readActive(file.active, aside)
      const past = await history.read(aside, depth)
      await readJournal(file.journal, aside)
      return { active, history: past, ...(await snapshots.list()), setAside: aside }
    },
    writeActive: async (color) => {
      if (color) await write(file.active, `${color}\n`)
      else await removeFile(file.active)
    },
    append: async (entry) => {
      await history.append(entry, (text) => write(file.history, text))
    },
    writeSnapshot: async (snapshot) => {
      await onFile(dir, () => ensureFolder(dir))
      await snapshots.write(snapshot)
    },
    writeJobs: snapshots.writeJobs,
    updateMetadata: snapshots.updateMetadata,
    readSnapshot: snapshots.read,
    composePath: snapshots.composePath,
    removeSnapshot: snapshots.remove,
    readJournal: () => readJournal(file.journal, []),
    writeJournal: (journal) => write(file.journal, renderJson(journal)),
    clearJournal: () => removeFile(file.journal),
  }
}

/** Returns the first of the folders that had to be made. */
async function ensureFolder(dir: string): Promise<string | undefined> {
  const made = await mkdir(dir, { recursive: true, mode: FOLDER_MODE })
  if (made !== undefined) {
    await syncFolder(dirname(made))
    return made
  }
  const { mode } = await stat(dir)
  if ((mode & 0o077) === 0) return undefined
  await refuseShared(dir)
  // The folder may come from a checkout; what is written into it can hold secrets.
  await chmod(dir, FOLDER_MODE)
  return undefined
}

/** Removes a folder and those above it up to `first`; what somebody put something into meanwhile stays. */
async function removeEmpty(dir: string, first: string): Promise<void> {
  for (let path = dir; path.length >= first.length; path = dirname(path)) if (!(await isRemoved(path))) return
}

async function isRemoved(folder: string): Promise<boolean> {
  return await rmdir(folder).then(
    () => true,
    () => false,
  )
}

/** Permission bits say nothing to root, and a mount can be read-only: only a write proves it. */
async function proveWritable(dir: string): Promise<void> {
  const probe = temporaryName(join(dir, 'probe'))
  await writeAtomic(probe, 'x'.repeat(4096))
  await rm(probe, { force: true })
}

async function readActive(path: string, aside: SetAside[]): Promise<Color | undefined> {
  const written = await readRecord(path)
  if (written === undefined) return undefined
  const color = 'text' in written ? parseColor(written.text.trim()) : undefined
  if (!color)
    aside.push(...(await setAside(path, 'reason' in written ? written.reason : 'It names no color.')))
  return color
}

async function readJournal(path: string, aside: SetAside[]): Promise<Journal | undefined> {
  const written = await readRecord(path)
  if (written === undefined) return undefined
  const parsed = parseJson(written)
  const value = 'value' in parsed ? parsed.value : undefined
  refuseNewer(value, 'journal.json')
  if (hasShape(value, JOURNAL_SHAPE)) return value as Journal
  // Without it a crash is judged from what is observed, as drift is.
  aside.push(...(await setAside(path, 'reason' in parsed ? parsed.reason : 'It is no journal.')))
  return undefined
}

const JOURNAL_SHAPE = {
  format: 'number',
  app: 'string',
  command: 'string',
  holder: 'object',
  target: 'string',
  release: 'string',
  generation: 'number',
  step: 'string',
} as const

async function removeFile(path: string): Promise<void> {
  await onFile(path, async () => {
    try {
      await rm(path)
      await syncFolder(dirname(path))
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
    }
  })
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
