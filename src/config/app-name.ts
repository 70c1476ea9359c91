import { basename } from 'node:path'
import type { Place, SettingOrigin } from '../domain/settings.ts'
import type { Environment, TextFile } from './compose-files.ts'
import { parseDotenv, unquote } from './dotenv.ts'

/** A name, where it came from, and where it is written, if it is. */
export type NamedBy = { name: string; origin: SettingOrigin; place: Place | undefined }

type Input = {
  projectDir: string
  composeFiles: readonly TextFile[]
  dotenv: TextFile | undefined
  environment: Environment
}

const VARIABLE = 'COMPOSE_PROJECT_NAME'

/** The name that Compose itself gives the project; "" when nothing gives one. */
export function composeProjectName(input: Input): NamedBy {
  const fromEnvironment = input.environment[VARIABLE]
  if (fromEnvironment) {
    return { name: fromEnvironment, origin: { from: 'environment', name: VARIABLE }, place: undefined }
  }
  const folder: NamedBy = {
    name: normalise(basename(input.projectDir)),
    origin: { from: 'default' },
    place: undefined,
  }
  return nameInDotenv(input.dotenv) ?? nameInFiles(input) ?? folder
}

function nameInDotenv(dotenv: TextFile | undefined): NamedBy | undefined {
  if (dotenv === undefined) return undefined
  const written = parseDotenv(dotenv.text)[VARIABLE]
  return written?.value ? namedBy({ name: written.value, line: written.line, file: dotenv }) : undefined
}

// The last file that names the project wins, an override's name too.
function nameInFiles(input: Input): NamedBy | undefined {
  const named = input.composeFiles.map((file) => ({ file, written: scanName(file.text) }))
  const last = named.findLast(({ written }) => written !== undefined)
  if (last?.written === undefined) return undefined
  const name = normalise(interpolate(last.written.value, input) ?? '')
  return name === '' ? undefined : namedBy({ ...last.written, name, file: last.file })
}

// Only a plain `name: text` at the start of a line; anything cleverer is left to Compose. A YAML parser here would
// make every command slower by more than all its other work.
function scanName(text: string): { value: string; line: number } | undefined {
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    const written = /^(?:name|"name"|'name')\s*:\s+(.*)$/.exec(line)?.[1]
    const value = written === undefined || /^[&*!|>[{]/.test(written) ? undefined : unquote(written.trim())
    if (value) return { value, line: index + 1 }
  }
  return undefined
}

// $NAME, ${NAME}, ${NAME-text}, ${NAME:-text}; undefined for anything else that has a $.
function interpolate(text: string, { environment, dotenv }: Input): string | undefined {
  const inFile = dotenv === undefined ? {} : parseDotenv(dotenv.text)
  const variable = /\$(?:\{(?<braced>\w+)(?:(?<operator>:?-)(?<fallback>[^${}]*))?\}|(?<bare>[A-Za-z_]\w*))/
  if (text.replaceAll(new RegExp(variable, 'g'), '').includes('$')) return undefined
  return text.replaceAll(new RegExp(variable, 'g'), (found) => {
    const { braced, bare, operator, fallback = '' } = variable.exec(found)?.groups ?? {}
    const name = braced ?? bare ?? ''
    const value = environment[name] ?? inFile[name]?.value
    return (operator === ':-' ? value || fallback : value) ?? fallback
  })
}

/** As Compose makes a project name of a folder's or a file's. */
function normalise(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
}

function namedBy({ name, line, file }: { name: string; line: number; file: TextFile }): NamedBy {
  const text = file.text.split(/\r?\n/)[line - 1] ?? ''
  const column = text.search(/(?<=[:=]\s*)[^\s:=]/) + 1
  return {
    name,
    origin: { from: 'file', file: file.path, line },
    place: { file: file.path, line, column: Math.max(column, 1), text },
  }
}
