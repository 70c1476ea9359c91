import { constants } from 'node:fs'
import { basename } from 'node:path'
import { Expected } from '../domain/failure.ts'
import { lstat, open } from './files.ts'
import { errorCode, onFile } from './store/failures.ts'

/** What is found where a file is looked for: its text, or why what is there is no file to read. */
type Found = { text: string } | { oddity: string; isFolder: boolean }

/**
 * Reads a text file; undefined: there is none. A named pipe would be waited for without end, and a link that leads
 * nowhere looks like no file at all: both are told instead.
 */
export async function readPlain(path: string): Promise<Found | undefined> {
  const file = await openAtOnce(path)
  if (file === undefined || 'oddity' in file) return file
  try {
    const oddity = oddityOf(await file.stat())
    return oddity === undefined ? { text: await file.readFile('utf8') } : oddity
  } finally {
    await file.close()
  }
}

/** As `readPlain`, for what a person wrote; `file-unusable`, `file-failed`. */
export async function readWritten(path: string): Promise<string | undefined> {
  const found = await onFile(path, () => readPlain(path))
  if (found === undefined || 'text' in found) return found?.text
  // Python's environments bear this name, and Compose passes over a folder, too.
  if (found.isFolder && basename(path) === '.env') return undefined
  throw new Expected({ code: 'file-unusable', path, reason: found.oddity })
}

/** As `readWritten`, for what settings name: that it is missing is a `file-failed`. */
export async function readNamed(path: string): Promise<string> {
  const text = await readWritten(path)
  if (text === undefined) throw new Expected({ code: 'file-failed', path, reason: 'there is no such file' })
  return text
}

async function openAtOnce(path: string) {
  try {
    // Without O_NONBLOCK, opening a named pipe waits until somebody writes into it.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
        return await brokenLink(path)
      // A folder of the path is a file.
      case 'ENOTDIR':
        return undefined
      case 'ENXIO':
        return odd('It is a socket or a device, not a file.')
      case 'ELOOP':
        return odd('Its symbolic links lead in a circle.')
    }
    throw error
  }
}

async function brokenLink(path: string) {
  const found = await lstat(path).catch(() => undefined)
  return found?.isSymbolicLink() ? odd('It is a symbolic link that leads nowhere.') : undefined
}

function oddityOf(found: Awaited<ReturnType<typeof lstat>>) {
  if (found.isFile()) return undefined
  if (found.isDirectory()) return { oddity: 'It is a folder, not a file.', isFolder: true }
  return odd(found.isFIFO() ? 'It is a named pipe, not a file.' : 'It is a device, not a file.')
}

function odd(oddity: string) {
  return { oddity, isFolder: false }
}
