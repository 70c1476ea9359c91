import * as fs from 'node:fs'
import { callbackify, promisify } from 'node:util'

type Promised = typeof import('node:fs/promises')

// Calls of `node:fs/promises`, done at once. Node has each done by a thread of its own: a switch makes two hundred of
// them, on small files of a local disk, and each wakes a thread up on the processor that users' requests are on: a tenth
// of what a switch takes of a processor. What waits for the disk itself, fsync, stays with the threads. A loop that only
// calls these never lets anything else run.
export const chmod = atOnce(fs.chmodSync) as Promised['chmod']
export const lstat = atOnce(fs.lstatSync) as Promised['lstat']
export const mkdir = atOnce(fs.mkdirSync) as Promised['mkdir']
export const readdir = atOnce(fs.readdirSync) as Promised['readdir']
export const readFile = atOnce(fs.readFileSync) as Promised['readFile']
export const realpath = atOnce(fs.realpathSync.native) as Promised['realpath']
export const rename = atOnce(fs.renameSync) as Promised['rename']
export const rm = atOnce(fs.rmSync) as Promised['rm']
export const rmdir = atOnce(fs.rmdirSync) as Promised['rmdir']
export const stat = atOnce(fs.statSync) as Promised['stat']
export const statfs = atOnce(fs.statfsSync) as Promised['statfs']
const utimes = atOnce(fs.utimesSync) as Promised['utimes']
export const writeFile = atOnce(fs.writeFileSync) as Promised['writeFile']

/** A file that is open; whoever opened it closes it. */
export interface OpenFile {
  stat(): Promise<fs.Stats>
  readFile(encoding: 'utf8'): Promise<string>
  /** Writes all of it, or throws. */
  writeFile(text: string): Promise<void>
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

const fsync = promisify(fs.fsync)

/** As `open` of `node:fs/promises`. */
export async function open(path: string, flags: string | number, mode?: number): Promise<OpenFile> {
  const opened = fs.openSync(path, flags, mode)
  return {
    stat: async () => fs.fstatSync(opened),
    readFile: async (encoding) => fs.readFileSync(opened, encoding),
    writeFile: async (text) => fs.writeFileSync(opened, Buffer.from(text)),
    sync: () => fsync(opened),
    close: async () => fs.closeSync(opened),
  }
}

/** The same for a package that takes a file system with callbacks. */
export const withCallbacks = {
  mkdir: callbackify(mkdir),
  realpath: callbackify(realpath),
  rmdir: callbackify(rmdir),
  rmdirSync: fs.rmdirSync,
  stat: callbackify(stat),
  utimes: callbackify(utimes),
}

function atOnce(call: (...given: never[]) => unknown): (...given: never[]) => Promise<unknown> {
  return async (...given) => call(...given)
}
