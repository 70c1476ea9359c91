import { delimiter, dirname, join, resolve } from 'node:path'

/** A file and what it says. */
export type TextFile = { path: string; text: string }

/** Reads a text file; undefined: there is none. */
export type ReadText = (path: string) => Promise<string | undefined>

export type Environment = Readonly<Record<string, string | undefined>>

// In the order in which Compose takes them (seen with 2.26.1, which warns when it finds more than one).
const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
// An override is looked for by itself: compose.yaml goes together with docker-compose.override.yml.
const OVERRIDE_NAMES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/** The compose file that Compose finds by itself from a folder, with its override: here or in a folder above. */
export async function searchComposeFiles(from: string, readText: ReadText): Promise<TextFile[]> {
  for (const directory of upwards(from)) {
    const file = await firstOf({ directory, names: NAMES, readText })
    if (file === undefined) continue
    const override = await firstOf({ directory, names: OVERRIDE_NAMES, readText })
    return override === undefined ? [file] : [file, override]
  }
  return []
}

/** The paths that COMPOSE_FILE names, absolute; empty when it is not set. */
export function listedComposeFiles(environment: Environment, directory: string): string[] {
  const separator = environment.COMPOSE_PATH_SEPARATOR || delimiter
  const paths = environment.COMPOSE_FILE?.split(separator).filter((path) => path.trim() !== '')
  return paths?.map((path) => resolve(directory, path.trim())) ?? []
}

/** The compose files of a project as they stand, those that exist: the given ones, or what Compose finds. */
export async function readComposeFiles(input: {
  projectDir: string
  composeFiles: readonly string[]
  readText: ReadText
}): Promise<TextFile[]> {
  if (input.composeFiles.length === 0) return searchComposeFiles(input.projectDir, input.readText)
  const texts = await Promise.all(input.composeFiles.map((path) => input.readText(path)))
  return input.composeFiles.flatMap((path, index) => {
    const text = texts[index]
    return text === undefined ? [] : [{ path, text }]
  })
}

/** A folder and those above it, nearest first. */
export function upwards(from: string): string[] {
  const parent = dirname(from)
  return parent === from ? [from] : [from, ...upwards(parent)]
}

/** The first of some files that exists in a folder. */
export async function firstOf(input: {
  directory: string
  names: readonly string[]
  readText: ReadText
}): Promise<TextFile | undefined> {
  for (const name of input.names) {
    const path = join(input.directory, name)
    const text = await input.readText(path)
    if (text !== undefined) return { path, text }
  }
  return undefined
}
