import type { Flags } from '../../src/config/flags.ts'
import { type LoadedSettings, loadSettings } from '../../src/config/load.ts'
import { failureOf } from '../../src/domain/failure.ts'
import type { Diagnostic } from '../../src/domain/settings.ts'

type Given = {
  /** Text of upgrade.yaml in /srv/shop. */
  yaml?: string
  /** Other files, by absolute path. */
  files?: Record<string, string>
  flags?: Flags
  environment?: Record<string, string>
  cwd?: string
}

/** Loads settings from files that exist in memory only; a compose file is always in /srv/shop. */
export function load(given: Given): Promise<LoadedSettings> {
  const files = new Map(Object.entries({ '/srv/shop/compose.yaml': 'services: {}\n', ...given.files }))
  if (given.yaml !== undefined) files.set('/srv/shop/upgrade.yaml', given.yaml)
  return loadSettings({
    cwd: given.cwd ?? '/srv/shop',
    flags: given.flags ?? {},
    environment: given.environment ?? {},
    readText: async (path) => files.get(path),
  })
}

/** What is wrong with settings; throws what is no diagnostic. */
export async function diagnose(given: Given): Promise<Diagnostic[]> {
  try {
    await load(given)
    return []
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code === 'settings-invalid') return failure.diagnostics
    throw error
  }
}

/** Diagnostics as lines: `4:12 health.timeout Expected …; found …. (hint)`. */
export async function faults(given: Given): Promise<string[]> {
  const diagnostics = await diagnose(given)
  return diagnostics.map(({ place, path, message, hint }) => {
    const where = place === undefined ? '-' : `${place.line}:${place.column}`
    return [where, path, message, hint === undefined ? '' : `(${hint})`]
      .filter((part) => part !== '')
      .join(' ')
  })
}
