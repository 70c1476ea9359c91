import { dirname } from 'node:path'
import { Expected } from '../domain/failure.ts'
import type { Diagnostic, SettingOrigin, Settings } from '../domain/settings.ts'
import { type Environment, type ReadText, searchComposeFiles, type TextFile } from './compose-files.ts'
import { diagnoseConflicts } from './conflicts.ts'
import { readEnvironment } from './environment.ts'
import { findSettingsFile } from './find-settings-file.ts'
import { type Flags, readFlags } from './flags.ts'
import { findProject } from './project.ts'
import { toSettings } from './to-settings.ts'
import type { FileLayer } from './upgrade-file.ts'

/** Settings, where each that is not a default came from, and the upgrade.yaml that was read. */
export type LoadedSettings = {
  settings: Settings
  /** By key, `health.timeout` or `routes[0].port`; a key that is missing is a default. */
  readonly origins: Record<string, SettingOrigin>
  file: string | undefined
  /** Whether there is a compose file; commands that only look do without, where there are records. */
  composeFile: 'found' | 'missing'
}

/**
 * Resolves the settings: flags, environment, upgrade.yaml, defaults, in this order.
 * Throws `settings-invalid` with everything that is wrong at once.
 */
export async function loadSettings(input: {
  cwd: string
  flags: Flags
  environment: Environment
  readText: ReadText
}): Promise<LoadedSettings> {
  const { cwd, environment, readText } = input
  const [compose] = await searchComposeFiles(cwd, readText)
  const composeDir = compose && dirname(compose.path)
  const found = await findSettingsFile({ cwd, config: input.flags.config, composeDir, readText })
  const file = await readFileLayer(found.file)
  const variables = readEnvironment(environment)
  const flags = readFlags(input.flags, cwd)
  const common = { ...file.values, ...variables.values, ...flags.values }
  const { directory } = found
  const { written, place } = file
  const project = await findProject({
    cwd,
    directory,
    app: common.app,
    compose: written.compose,
    placeOfCompose: (index) =>
      place(Array.isArray(written.compose) ? ['compose', index] : ['compose'], 'value'),
    environment,
    readText,
  })
  const settings = toSettings({ ...project, fileDir: directory, written, common })
  // Where each of a thousand settings stands is looked up for who asks.
  const origins = () => ({ ...project.origins, ...file.origins, ...variables.origins, ...flags.origins })
  const told = [found, file, variables, flags, project].flatMap(({ diagnostics }) => diagnostics)
  const diagnostics = [...told, ...diagnoseConflicts({ settings, origins, told, place })]
  if (diagnostics.length > 0) {
    throw new Expected({ code: 'settings-invalid', diagnostics: inOrder(diagnostics) })
  }
  const composeFile = project.found ? 'found' : 'missing'
  return {
    settings,
    get origins() {
      return origins()
    },
    file: found.file?.path,
    composeFile,
  }
}

const NO_FILE: FileLayer = { values: {}, origins: {}, diagnostics: [], written: {}, place: () => undefined }

async function readFileLayer(file: TextFile | undefined): Promise<FileLayer> {
  if (file === undefined) return NO_FILE
  const { readUpgradeFile } = await import('./upgrade-file.ts')
  return readUpgradeFile(file)
}

// As a person reads: down the file, then what no file says.
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lineOf = ({ place }: Diagnostic) => place?.line ?? Number.POSITIVE_INFINITY
  const columnOf = ({ place }: Diagnostic) => place?.column ?? 0
  return diagnostics.toSorted((a, b) =>
    lineOf(a) === lineOf(b) ? columnOf(a) - columnOf(b) : lineOf(a) - lineOf(b),
  )
}
