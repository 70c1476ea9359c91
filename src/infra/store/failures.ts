import { Expected } from '../../domain/failure.ts'

/** The code of a system error, "ENOENT". */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** Runs `fn`; what the file system refuses becomes `file-failed`. */
export async function onFile<T>(path: string, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn()
  } catch (error) {
    if (error instanceof Expected || errorCode(error) === undefined) throw error
    throw new Expected({ code: 'file-failed', path, ...refusalOf(error) }, error)
  }
}

/** What the file system refused, in words, and whether it is full: root gets no EACCES, but all of these. */
export function refusalOf(error: unknown): { reason: string; isFull: boolean } {
  const code = errorCode(error) ?? ''
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error))
  return { reason, isFull: code === 'ENOSPC' || code === 'EDQUOT' }
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'the folder or file may not be changed (owner, or marked immutable)',
  EROFS: 'the file system is mounted read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'it is a file, not a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
}
