import { basename, dirname, join } from 'node:path'
import { Expected } from '../../domain/failure.ts'
import { lstat, readdir, stat } from '../files.ts'
import { errorCode } from './failures.ts'

/** What a file system tells of who may write a file. */
export type Owned = { uid: number; gid: number; mode: number; link: boolean }

/**
 * Refuses a deployments folder that another user of this machine could have written: what stands in it decides
 * what is started, and the way back. Throws `folder-unsafe`, and what the file system says. One that is not there yet is
 * nobody's.
 */
export async function refuseForeign(dir: string): Promise<void> {
  // Windows has no such owners.
  if (process.geteuid === undefined) return
  const own = process.geteuid()
  const folder = await look(dir, stat)
  if (folder === undefined) return
  const [way, parent, entries] = await Promise.all([
    look(dir, lstat),
    look(dirname(dir), stat),
    entriesOf(dir),
  ])
  // Behind sudo, files of the person are as good as root's; so are those of whoever has the folder of the app.
  const trusted = new Set([0, own, Number(process.env.SUDO_UID ?? own), parent?.uid ?? own])
  const reason = judgeFolder({ way: way ?? folder, folder, entries, trusted })
  if (reason !== undefined) throw new Expected({ code: 'folder-unsafe', path: dir, reason })
}

/** Why a folder cannot be trusted; undefined: it can. `way` is the folder, or the link that leads to it. */
export function judgeFolder(found: {
  way: Owned
  folder: Owned
  entries: ReadonlyMap<string, Owned>
  trusted: ReadonlySet<number>
}): string | undefined {
  const { way, folder, entries, trusted } = found
  if (!trusted.has(way.uid))
    return `it ${way.link ? 'is a symbolic link that ' : ''}belongs to another user, ${way.uid}`
  if (!trusted.has(folder.uid)) return `it leads to a folder of another user, ${folder.uid}`
  if ((folder.mode & 0o002) !== 0) return 'every user of this machine may write into it'
  // Where each user has a group of their own, umask 002 is usual: that group is the user.
  if ((folder.mode & 0o020) !== 0 && folder.gid !== folder.uid)
    return `its group, ${folder.gid}, may write into it`
  for (const [name, entry] of entries) {
    if (!trusted.has(entry.uid)) return `${name} in it belongs to another user, ${entry.uid}`
    // A record that is a link is replaced, never followed when it is written; the lock is a folder that is emptied.
    if (entry.link && name === 'lock') return `${name} in it is a symbolic link, and leads out of it`
  }
  return undefined
}

async function entriesOf(dir: string): Promise<Map<string, Owned>> {
  const names = await readdir(dir)
  const looks = await Promise.all(names.map((name) => look(join(dir, name), lstat)))
  // Another process's temporary file may be gone by now.
  return new Map(
    looks.flatMap((entry, index) => (entry ? [[basename(names[index] ?? ''), entry] as const] : [])),
  )
}

async function look(path: string, ask: typeof stat): Promise<Owned | undefined> {
  try {
    const found = await ask(path)
    return { uid: found.uid, gid: found.gid, mode: found.mode, link: found.isSymbolicLink() }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
