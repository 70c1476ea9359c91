import { run } from '../run.ts'
import { installPackages } from './apt.ts'
import { withSetupLock } from './cache.ts'
import { CannotInstall } from './cannot-install.ts'
import { type Say, timed } from './engine.ts'
import { readDebianMachine } from './engine-plan.ts'

/** What tests use besides and a bare Debian does not have, by their packages; chattr it lacks from version 13 on. */
const PROGRAMS = { curl: 'curl', git: 'git', ...(process.platform === 'linux' && { e2fsprogs: 'chattr' }) }

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

/** The packages of the programs that are not there. */
async function findMissing(): Promise<string[]> {
  const looked = await Promise.all(
    Object.entries(PROGRAMS).map(async ([name, program]) => {
      const { code } = await run(program, ['--version'])
      return code === NOT_FOUND ? [name] : []
    }),
  )
  return looked.flat()
}

// As a shell calls it.
const NOT_FOUND = 127
