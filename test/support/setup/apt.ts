import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, run } from '../run.ts'
import type { DebianSource } from './debian-source.ts'

const quietly = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
const patient = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2']

/** Installs packages from the machine's own sources, refreshing its package lists only where they do not do. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const install = ['-qq', '-y', '--no-install-recommends', ...patient, 'install', ...packages]
  const first = await run('apt-get', install, { env: quietly })
  if (first.code === 0) return
  // A third-party source that cannot be reached must not stop an install from Debian's own.
  await run('apt-get', ['-qq', ...patient, 'update'], { env: quietly })
  await must('apt-get', install, { env: quietly })
}

/** A suite's packages, looked up and kept in a folder of its own: the machine's sources and lists stay as they are. */
export interface PrivateSuite {
  /** Unpacks the packages, with all they depend on where `whole` says so, into a folder. */
  unpack: (packages: readonly string[], into: string) => Promise<void>
  /** Unpacks the packages alone. */
  unpackAlone: (packages: readonly string[], into: string) => Promise<void>
}

/** Opens a suite of the machine's Debian mirror, with its lists in `folder`. */
export async function openSuite(source: DebianSource, suite: string, folder: string): Promise<PrivateSuite> {
  const options = writePrivateConfiguration(source, suite, folder)
  await must('apt-get', [...options, 'update'], { env: quietly })
  let count = 0
  const archives = () => {
    const dir = join(folder, `archives-${count++}`)
    mkdirSync(join(dir, 'partial'), { recursive: true })
    return dir
  }
  return {
    async unpack(packages, into) {
      const dir = archives()
      const only = ['-o', `Dir::Cache::archives=${dir}`, '--download-only', '--no-install-recommends', '-y']
      await must('apt-get', [...options, ...only, 'install', ...packages], { env: quietly })
      await unpackAll(dir, into)
    },
    async unpackAlone(packages, into) {
      const dir = archives()
      await must('apt-get', [...options, 'download', ...packages], { env: quietly, cwd: dir })
      await unpackAll(dir, into)
    },
  }
}

function writePrivateConfiguration(source: DebianSource, suite: string, folder: string): string[] {
  mkdirSync(join(folder, 'lists', 'partial'), { recursive: true })
  const signed = source.signedBy ? `[signed-by=${source.signedBy}] ` : ''
  const sources = join(folder, 'sources.list')
  writeFileSync(sources, `deb ${signed}${source.uri} ${suite} main\n`)
  // An empty record of what is installed makes apt resolve a package as on an empty root.
  const status = join(folder, 'status')
  writeFileSync(status, '')
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': status,
    'Dir::Cache': folder,
    'Dir::Log': folder,
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    // The suites named here are stable or archived; a mirror that lags is good enough to test with.
    'Acquire::Check-Valid-Until': 'false',
  }
  return ['-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])]
}

async function unpackAll(archives: string, into: string): Promise<void> {
  mkdirSync(into, { recursive: true })
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    await must('dpkg-deb', ['-x', join(archives, name), into])
  }
}
