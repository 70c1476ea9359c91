import { dirname, join } from 'node:path'
import type { Freeze } from '../../domain/failure.ts'
import { RECORD_FORMAT } from '../../domain/release.ts'
import { mkdir, rm } from '../files.ts'
import { onFile } from './failures.ts'
import { refuseForeign } from './own-folder.ts'
import { hasShape, parseJson, readRecord, refuseNewer } from './records.ts'
import { FOLDER_MODE, syncFolder, writeAtomic } from './write-atomic.ts'

/** The freeze of a deployments folder, freeze.json: it outlives every process and reboot. */
export type FreezeFile = {
  read(): Promise<Freeze | undefined>
  write(freeze: Freeze): Promise<void>
  remove(): Promise<void>
}

export function createFreezeFile(dir: string): FreezeFile {
  const path = join(dir, 'freeze.json')
  return {
    read: async () => {
      const written = await readRecord(path)
      if (written === undefined) return undefined
      const parsed = parseJson(written)
      const value = 'value' in parsed ? parsed.value : undefined
      refuseNewer(value, 'freeze.json')
      // What cannot be read still freezes: somebody wanted nothing to change.
      if (!hasShape(value, SHAPE)) return { user: 'unknown', host: 'unknown', since: '', message: '' }
      const { host, message, since, user } = value as Freeze
      return { user, host, since, message }
    },
    write: (freeze) =>
      onFile(path, async () => {
        await refuseForeign(dir)
        await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE })
        await writeAtomic(path, `${JSON.stringify({ format: RECORD_FORMAT, ...freeze }, undefined, 2)}\n`)
      }),
    remove: () =>
      onFile(path, async () => {
        await rm(path, { force: true })
        await syncFolder(dir)
      }),
  }
}

const SHAPE = {
  format: 'number',
  user: 'string',
  host: 'string',
  since: 'string',
  message: 'string',
} as const
