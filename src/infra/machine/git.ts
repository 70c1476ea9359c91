import { run } from '../process/run.ts'

export type GitState = { commit: string; branch: string; dirty: boolean }

/**
 * The commit, the branch and whether tracked files differ; undefined where there is no repository, no commit or no
 * git. Untracked files do not count: the records of this tool are such files.
 */
export async function readGit(directory: string, signal: AbortSignal): Promise<GitState | undefined> {
  const argv = [
    'git',
    '-C',
    directory,
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
  ] as const
  // Only looking: somebody else's git command must not find the index locked.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' }
  const result = await run(argv, { env, signal, timeoutMs: 10_000 }).catch(() => undefined)
  return result?.exitCode === 0 ? parseGitStatus(result.stdout) : undefined
}

/** Source: git-status(1), "Porcelain Format Version 2". */
function parseGitStatus(text: string): GitState | undefined {
  const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(text)?.[1]
  const branch = /^# branch\.head (.+)$/m.exec(text)?.[1]
  if (!commit || !branch) return undefined
  return { commit, branch, dirty: /^[^#\n]/m.test(text) }
}
