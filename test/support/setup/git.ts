import { run } from '../run.ts'
import { installPackages } from './apt.ts'
import { withSetupLock } from './cache.ts'
import { CannotInstall } from './cannot-install.ts'
import { type Say, timed } from './engine.ts'
import { readDebianMachine } from './engine-plan.ts'

/** Makes sure that git is there: what a snapshot records of a repository is tested on a real one. */
export async function ensureGit(say: Say): Promise<void> {
  if (await isThere()) return
  if (readDebianMachine() === undefined || process.getuid?.() !== 0) {
    throw new CannotInstall('git is missing, and this set-up installs it only on Debian, as root.', [
      readDebianMachine() ? 'sudo apt-get install git' : '# install git: git-scm.com/downloads',
    ])
  }
  await withSetupLock(async () =>
    timed(say, 'Install git with apt', !(await isThere()), () => installPackages(['git'])),
  )
}

async function isThere(): Promise<boolean> {
  return (await run('git', ['--version'])).code === 0
}
