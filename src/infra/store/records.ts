import { basename, dirname } from 'node:path'
import type { SetAside } from '../../domain/facts.ts'
import { Expected } from '../../domain/failure.ts'
import { RECORD_FORMAT } from '../../domain/release.ts'
import { rename } from '../files.ts'
import { readPlain } from '../read-plain.ts'
import { errorCode, onFile } from './failures.ts'
import { syncFolder } from './write-atomic.ts'

/** The text of a record, or why nobody can read it. */
export type Written = { text: string } | { reason: string }

/** What stands where a record is kept; undefined: there is none. */
export async function readRecord(path: string): Promise<Written | undefined> {
  const found = await onFile(path, () => readPlain(path))
  return found !== undefined && 'oddity' in found ? { reason: found.oddity } : found
}

/** Moves a corrupt file out of the way, never over another one, and tells where it went; [] if another reader did. */
export async function setAside(path: string, reason: string): Promise<SetAside[]> {
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '')
  const keptAs = `${path}.corrupt-${stamp}`
  const moved = await onFile(path, async () => {
    try {
      await rename(path, keptAs)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false
      throw error
    }
    await syncFolder(dirname(path))
    return true
  })
  return moved ? [{ file: basename(path), keptAs: basename(keptAs), reason }] : []
}

/** The JSON of a record, or why it is none. */
export function parseJson(written: Written): { value: unknown } | { reason: string } {
  if ('reason' in written) return written
  try {
    return { value: JSON.parse(written.text) }
  } catch (error) {
    return { reason: written.text === '' ? 'The file is empty.' : (error as Error).message }
  }
}

/** `record-too-new` for a record that a later version of this tool wrote. */
export function refuseNewer(record: unknown, file: string): void {
  const format = isObject(record) ? record.format : undefined
  if (typeof format === 'number' && format > RECORD_FORMAT)
    throw new Expected({ code: 'record-too-new', file, found: format, supported: RECORD_FORMAT })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value has these keys with values of these types. */
export function hasShape(
  value: unknown,
  shape: Readonly<Record<string, 'string' | 'number' | 'object' | 'boolean'>>,
): value is Record<string, unknown> {
  if (!isObject(value)) return false
  // Asked of ten thousand entries in a row: nothing is made for each.
  for (const key in shape) if (typeof value[key] !== shape[key]) return false
  return true
}
