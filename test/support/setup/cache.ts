import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { lock } from 'proper-lockfile'

/** Where the set-up keeps what outlives a run: its lock and the engine's log. */
export function cacheDir(): string {
  const dir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'verdigris')
  mkdirSync(dir, { recursive: true })
  return dir
}

/** Runs `work` while no other set-up on this machine does; waits up to ten minutes for its turn. */
export async function withSetupLock<T>(work: () => Promise<T>): Promise<T> {
  const retries = { retries: 600, factor: 1, minTimeout: 1_000, maxTimeout: 1_000 }
  const release = await lock(cacheDir(), { retries, stale: 20_000 })
  try {
    return await work()
  } finally {
    await release()
  }
}

/** Gives `work` a temporary folder that is gone afterwards. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'verdigris-setup-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
