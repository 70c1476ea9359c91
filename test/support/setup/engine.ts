import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages, openSuite } from './apt.ts'
import { withSetupLock, withTemporaryFolder } from './cache.ts'
import { CannotInstall } from './cannot-install.ts'
import { startDaemon, waitForDaemon } from './daemon.ts'
import { type DebianMachine, gatherEngineFacts, planEngine } from './engine-plan.ts'

/** Takes one line of what the set-up is about to do or has done. */
export type Say = (line: string) => void

// Debian 12 has Compose 1 only; Debian 13 has the v2 plugins, and they run on both. Later ones have later plugins.
const FIRST_PLUGIN_SUITE = 'trixie'
// Read by every Docker client and owned by no package: an installed docker-compose stays what it is.
const PLUGIN_FOLDER = '/usr/local/lib/docker/cli-plugins'

/**
 * Makes sure that a Docker Engine answers and that Compose 2.20 or newer is there. Installs and starts only what is
 * missing, on Debian as root; anywhere else it throws `CannotInstall` with the commands to run.
 */
export async function ensureEngine(say: Say): Promise<void> {
  if ((await planHere()).kind === 'nothing') return
  await withSetupLock(async () => {
    const plan = await planHere()
    if (plan.kind === 'nothing') return
    const { packages, plugins, debian } = plan
    await Promise.all([
      timed(say, `Install ${packages.join(', ')} with apt`, packages.length > 0, () =>
        installPackages(packages),
      ),
      timed(
        say,
        `Install ${plugins.join(' and ')} (Debian ${pluginSuite(debian)}) in ${PLUGIN_FOLDER}`,
        plugins.length > 0,
        () => installPlugins(plugins, debian),
      ),
    ])
    await timed(say, 'Start dockerd', plan.start, startDaemon)
    await waitForDaemon()
  })
  const after = await planHere()
  if (after.kind === 'do')
    throw new Error(`The set-up ran and something is still missing: ${JSON.stringify(after)}`)
}

// Before anything is touched, the lock too: who may not install may have no place for it.
async function planHere() {
  const plan = planEngine(await gatherEngineFacts())
  if (plan.kind === 'cannot') throw new CannotInstall(plan.because, plan.byHand)
  return plan
}

/** Says what is about to happen, does it, says how long it took. */
export async function timed(
  say: Say,
  what: string,
  wanted: boolean,
  work: () => Promise<void>,
): Promise<void> {
  if (!wanted) return
  say(`${what} …`)
  const started = performance.now()
  await work()
  say(`${what}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

function pluginSuite({ codename, version }: DebianMachine): string {
  return version < 13 ? FIRST_PLUGIN_SUITE : codename
}

async function installPlugins(plugins: readonly string[], debian: DebianMachine): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const root = join(folder, 'root')
    const suite = await openSuite(debian.source, pluginSuite(debian), folder)
    await suite.unpackAlone(plugins, root)
    mkdirSync(PLUGIN_FOLDER, { recursive: true })
    const unpacked = join(root, 'usr/libexec/docker/cli-plugins')
    for (const name of readdirSync(unpacked)) {
      copyFileSync(join(unpacked, name), join(PLUGIN_FOLDER, name))
      chmodSync(join(PLUGIN_FOLDER, name), 0o755)
    }
  })
}
