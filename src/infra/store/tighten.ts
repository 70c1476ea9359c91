import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from './failures.ts'

const OTHERS = 0o077
// They hold nothing, and belong to the library that makes them.
const LOCKS = ['lock', 'lock.guard']

/** Takes the rights of group and others from a folder and all in it; returns what had any, links left out. */
export async function tighten(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (names === undefined) return []
  const found = await Promise.all(
    ['.', ...names.filter((name) => !LOCKS.includes(name))].map(async (name) =>
      (await close(join(folder, name))) ? name : '',
    ),
  )
  return found.filter((name) => name !== '').sort()
}

async function close(path: string): Promise<boolean> {
  // What is gone by now, a temporary file, needs nothing.
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || found.isSymbolicLink() || (found.mode & OTHERS) === 0) return false
  await chmod(path, found.mode & 0o7777 & ~OTHERS)
  return true
}
