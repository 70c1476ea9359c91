import { join } from 'node:path'
import { chmod, lstat, readdir, stat } from '../files.ts'
import { errorCode } from './failures.ts'
import { isOwn, refuseShared } from './own-names.ts'

const OTHERS = 0o077
// They hold nothing, and belong to the library that makes them.
const LOCKS = ['lock', 'lock.guard']

/**
 * Takes the rights of group and others from a folder and the records in it; returns what had any, links left out. What
 * else is kept there is left as it is; `deployment-dir-unwritable` where others read it.
 */
export async function tighten(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  if (names === undefined) return []
  if (((await stat(folder)).mode & OTHERS) !== 0) await refuseShared(folder)
  const records = names.filter((name) => isOwn(name) && !LOCKS.includes(name))
  const below = await Promise.all(records.map((name) => withAllIn(folder, name)))
  const found = await Promise.all(
    ['.', ...below.flat()].map(async (name) => ((await close(join(folder, name))) ? name : '')),
  )
  return found.filter((name) => name !== '').sort()
}

/** undefined: there is no such folder. */
async function namesIn(folder: string): Promise<string[] | undefined> {
  return await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
}

/** A record, and what is in it if it is a folder; a link to one is no folder. */
async function withAllIn(folder: string, name: string): Promise<string[]> {
  const found = await lstat(join(folder, name)).catch(() => undefined)
  if (found?.isDirectory() !== true) return [name]
  const names = await readdir(join(folder, name), { recursive: true })
  return [name, ...names.map((each) => join(name, each))]
}

async function close(path: string): Promise<boolean> {
  // What is gone by now, a temporary file, needs nothing.
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || found.isSymbolicLink() || (found.mode & OTHERS) === 0) return false
  await chmod(path, found.mode & 0o7777 & ~OTHERS)
  return true
}
