import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../domain/settings.ts'
import { firstOf, type ReadText, type TextFile, upwards } from './compose-files.ts'
import { expectedButFound } from './wording.ts'

const NAMES = ['upgrade.yaml', 'upgrade.yml']

/** Where the settings are, or would be: the folder of upgrade.yaml, else of the compose file, else this one. */
export type SettingsPlace = { directory: string; file: TextFile | undefined; diagnostics: Diagnostic[] }

/**
 * Finds upgrade.yaml: the one that was named, else the nearest one from here up to the folder of the compose
 * file, so that commands work in folders below it as they do with Compose.
 */
export async function findSettingsFile(input: {
  cwd: string
  config: string | undefined
  composeDir: string | undefined
  readText: ReadText
}): Promise<SettingsPlace> {
  const { cwd, config, composeDir, readText } = input
  if (config !== undefined) return readNamed({ path: resolve(cwd, config), config, readText })
  for (const directory of upwards(cwd)) {
    const file = await firstOf({ directory, names: NAMES, readText })
    if (file !== undefined) return { directory, file, diagnostics: [] }
    if (directory === composeDir) break
  }
  return { directory: composeDir ?? cwd, file: undefined, diagnostics: [] }
}

async function readNamed(input: {
  path: string
  config: string
  readText: ReadText
}): Promise<SettingsPlace> {
  const directory = dirname(input.path)
  const text = await input.readText(input.path)
  if (text !== undefined) return { directory, file: { path: input.path, text }, diagnostics: [] }
  const message = expectedButFound('a file that exists', input.config)
  const missing = { place: undefined, path: '--config', message, hint: undefined }
  return { directory, file: undefined, diagnostics: [missing] }
}
