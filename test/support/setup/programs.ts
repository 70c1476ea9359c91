import { run } from '../run.ts'
import { installPackages } from './apt.ts'
import { withSetupLock } from './cache.ts'
import { CannotInstall } from './cannot-install.ts'
import { type Say, timed } from './engine.ts'
import { readDebianMachine } from './engine-plan.ts'

/** What tests use besides and a bare Debian does not have; the packages bear the same names. */
const PROGRAMS = ['curl', 'git']

/** Makes sure that the programs are there that tests ask with: real clients and a real repository. */
export async function ensurePrograms(say: Say): Promise<void> {
  const missing = await findMissing()
  if (missing.length === 0) return
  const debian = readDebianMachine()
  if (debian === undefined || process.getuid?.() !== 0) {
    throw new CannotInstall(
      `Missing: ${missing.join(' and ')}. This set-up installs them only on Debian, as root.`,
      [debian ? `sudo apt-get install ${missing.join(' ')}` : `# install ${missing.join(' and ')}`],
    )
  }
  await withSetupLock(async () => {
    const wanted = await findMissing()
    await timed(say, `Install ${wanted.join(' and ')} with apt`, wanted.length > 0, () =>
      installPackages(wanted),
    )
  })
}

async function findMissing(): Promise<string[]> {
  const ran = await Promise.all(PROGRAMS.map((name) => run(name, ['--version'])))
  return PROGRAMS.filter((_, index) => ran[index]?.code !== 0)
}
