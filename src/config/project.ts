import { dirname, join, resolve } from 'node:path'
import type { Diagnostic, Place, SettingOrigin } from '../domain/settings.ts'
import { composeProjectName, type NamedBy } from './app-name.ts'
import {
  type Environment,
  listedComposeFiles,
  type ReadText,
  readComposeFiles,
  type TextFile,
} from './compose-files.ts'
import { parseDotenv } from './dotenv.ts'
import { APP } from './rules.ts'
import { expectedButFound } from './wording.ts'

/** The compose project that is upgraded. */
export type Project = {
  app: string
  projectDir: string
  /** Absolute; empty: what Compose finds by itself in `projectDir`. */
  composeFiles: readonly string[]
  /** Whether there is any. */
  found: boolean
  origins: Record<string, SettingOrigin>
  diagnostics: Diagnostic[]
}

type Input = {
  cwd: string
  /** The folder that paths in upgrade.yaml are relative to. */
  directory: string
  /** The app's name, if it is set. */
  app: string | undefined
  /** `compose:` of upgrade.yaml, and where each of its files stands there. */
  compose: string | readonly string[] | undefined
  placeOfCompose: (index: number) => Place | undefined
  environment: Environment
  readText: ReadText
}

type Listed = { path: string; origin: SettingOrigin | undefined; at: Pick<Diagnostic, 'path' | 'place'> }

/** Finds the project's compose files, folder and name, the way Compose does where nothing says otherwise. */
export async function findProject(input: Input): Promise<Project> {
  const { directory, environment, readText } = input
  const listed = await listFiles(input)
  const composeFiles = listed.map(({ path }) => path)
  const files = await readComposeFiles({ projectDir: directory, composeFiles, readText })
  const projectDir = dirname(composeFiles[0] ?? files[0]?.path ?? join(directory, 'compose.yaml'))
  const dotenv = await readDotenv(projectDir, readText)
  const missing = listed.filter(({ path }) => !files.some((file) => file.path === path)).map(missingFile)
  const origins: Project['origins'] = listed[0]?.origin === undefined ? {} : { compose: listed[0].origin }
  const place = { projectDir, composeFiles, found: files.length > 0 }
  if (input.app !== undefined) return { ...place, app: input.app, origins, diagnostics: missing }
  const named = composeProjectName({ projectDir, composeFiles: files, dotenv, environment })
  return {
    ...place,
    app: named.name,
    origins: { ...origins, app: named.origin },
    diagnostics: [...missing, ...unusableName(named)],
  }
}

async function listFiles(input: Input): Promise<Listed[]> {
  const { compose, cwd, directory, environment, readText } = input
  if (compose !== undefined) {
    const paths = typeof compose === 'string' ? [compose] : compose
    return paths.map((path, index) => ({
      path: resolve(directory, path),
      origin: undefined,
      at: { path: 'compose', place: input.placeOfCompose(index) },
    }))
  }
  const at = { path: 'COMPOSE_FILE', place: undefined }
  const fromEnvironment = listedComposeFiles(environment, cwd)
  if (fromEnvironment.length > 0) {
    const origin: SettingOrigin = { from: 'environment', name: 'COMPOSE_FILE' }
    return fromEnvironment.map((path) => ({ path, origin, at }))
  }
  const dotenv = await readDotenv(directory, readText)
  const variables = dotenv === undefined ? {} : parseDotenv(dotenv.text)
  const values = Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]))
  const line = variables.COMPOSE_FILE?.line ?? 1
  const origin: SettingOrigin = { from: 'file', file: join(directory, '.env'), line }
  return listedComposeFiles(values, directory).map((path) => ({ path, origin, at }))
}

async function readDotenv(directory: string, readText: ReadText): Promise<TextFile | undefined> {
  const path = join(directory, '.env')
  const text = await readText(path)
  return text === undefined ? undefined : { path, text }
}

function missingFile({ path, at }: Listed): Diagnostic {
  return { ...at, message: expectedButFound('a compose file that exists', path), hint: undefined }
}

function unusableName({ name, origin, place }: NamedBy): Diagnostic[] {
  if (APP.accepts(name)) return []
  const path = origin.from === 'environment' ? origin.name : 'app'
  const message = expectedButFound(APP.expected, name)
  return [{ place, path, message, hint: 'Set "app" in upgrade.yaml to a name that fits.' }]
}
