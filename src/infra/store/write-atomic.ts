import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const FILE_MODE = 0o600
export const FOLDER_MODE = 0o700

/**
 * Writes a file whole or not at all: a temporary file beside it, fsync, rename, fsync of the folder. Not
 * write-file-atomic: version 7 leaves the folder unsynced, so a power cut can take the rename back, and it
 * ignores how much one write wrote, so a disk that fills up puts a cut file in place of the old one.
 */
export async function writeAtomic(path: string, text: string): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await writeSynced(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** As `writeAtomic`, for what need not outlive a power cut: whoever holds a lock does not either. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: FILE_MODE })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes a folder with files appear whole or not at all; one of that name must not be there. */
export async function writeFolderAtomic(path: string, files: ReadonlyMap<string, string>): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await mkdir(temporary, { mode: FOLDER_MODE })
    for (const [name, text] of files) await writeSynced(join(temporary, name), text)
    await syncFolder(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a folder disappear at once: it is moved out of its name before it is emptied. */
export async function removeFolderAtomic(path: string): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await rename(path, temporary)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  await syncFolder(dirname(path))
  await rm(temporary, { recursive: true, force: true })
}

/** Removes what a crash left between two lines above; a young one may be another process's, at work. */
export async function removeTemporaries(folder: string): Promise<void> {
  const before = Date.now() - ABANDONED_AFTER_MS
  for (const name of (await readdir(folder)).filter((each) => TEMPORARY.test(each))) {
    const path = join(folder, name)
    // Another process's may be gone by now: it was renamed to what it is.
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && found.mtimeMs < before) await rm(path, { recursive: true, force: true })
  }
}

const ABANDONED_AFTER_MS = 60 * 60_000

/** Makes names in a folder last: without it a rename can be lost with the power. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and keeps renames in its journal.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const TEMPORARY = /^\..+\.tmp-[0-9a-f]{12}$/

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp-${randomBytes(6).toString('hex')}`)
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
