import { Expected } from '../../domain/failure.ts'
import { writeFile } from '../files.ts'
import { errorCode, onFile } from './failures.ts'

/** Writes a file for a person to edit; one that is there stays unless it may be replaced. */
export async function writeNew(path: string, text: string, existing: 'keep' | 'replace'): Promise<void> {
  try {
    await onFile(path, () => writeFile(path, text, { flag: existing === 'keep' ? 'wx' : 'w' }))
  } catch (error) {
    if (error instanceof Expected && errorCode(error.cause) === 'EEXIST') {
      throw new Expected({ code: 'file-exists', path }, error)
    }
    throw error
  }
}
