import { basename, dirname, join } from 'node:path'
import { randomHex } from '../digest.ts'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from '../files.ts'

const FILE_MODE = 0o600
export const FOLDER_MODE = 0o700

/** What is asked of a file system; the order of these calls is what a power cut cannot break. */
export type Disk = {
  mkdir(path: string, options: { mode: number }): Promise<unknown>
  open(path: string, flags: 'r' | 'wx', mode?: number): Promise<DiskFile>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { recursive?: boolean; force: boolean }): Promise<void>
}

type DiskFile = {
  writeFile(text: string): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * Writes a file whole or not at all: a temporary file beside it, fsync, rename, fsync of the folder. Not
 * write-file-atomic: version 7 leaves the folder unsynced, so a power cut can take the rename back, and it
 * ignores how much one write wrote, so a disk that fills up puts a cut file in place of the old one.
 */
export function writeAtomic(path: string, text: string): Promise<void> {
  return writeFileOn(THIS_DISK, path, text)
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
export function writeFolderAtomic(path: string, files: ReadonlyMap<string, string>): Promise<void> {
  return writeFolderOn(THIS_DISK, path, files)
}

/** Makes a folder disappear at once: it is moved out of its name before it is emptied. */
export function removeFolderAtomic(path: string): Promise<void> {
  return removeFolderOn(THIS_DISK, path)
}

/** Makes names in a folder last: without it a rename can be lost with the power. */
export function syncFolder(path: string): Promise<void> {
  return syncFolderOn(THIS_DISK, path)
}

const THIS_DISK: Disk = { mkdir, open, rename, rm }

/** `writeAtomic` on any disk. */
export async function writeFileOn(disk: Disk, path: string, text: string): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await writeSynced(disk, temporary, text)
    await disk.rename(temporary, path)
  } catch (error) {
    await disk.rm(temporary, { force: true })
    throw error
  }
  await syncFolderOn(disk, dirname(path))
}

/** `writeFolderAtomic` on any disk. */
export async function writeFolderOn(
  disk: Disk,
  path: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await disk.mkdir(temporary, { mode: FOLDER_MODE })
    for (const [name, text] of files) await writeSynced(disk, join(temporary, name), text)
    await syncFolderOn(disk, temporary)
    await disk.rename(temporary, path)
  } catch (error) {
    await disk.rm(temporary, { recursive: true, force: true })
    throw error
  }
  await syncFolderOn(disk, dirname(path))
}

/** `removeFolderAtomic` on any disk. */
export async function removeFolderOn(disk: Disk, path: string): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await disk.rename(path, temporary)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  await syncFolderOn(disk, dirname(path))
  await disk.rm(temporary, { recursive: true, force: true })
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

async function syncFolderOn(disk: Disk, path: string): Promise<void> {
  // Windows opens no folders, and keeps renames in its journal.
  if (process.platform === 'win32') return
  const folder = await disk.open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const TEMPORARY = /^\..+\.tmp-[0-9a-f]{12}$/

/** A name beside a path that `removeTemporaries` knows. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp-${randomHex(6)}`)
}

async function writeSynced(disk: Disk, path: string, text: string): Promise<void> {
  const file = await disk.open(path, 'wx', FILE_MODE)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
