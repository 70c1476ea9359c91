import { dirname, resolve } from 'node:path'
import type { Place } from '../domain/settings.ts'
import { pathOfFault } from './compose-fault.ts'
import type { ReadText, TextFile } from './compose-files.ts'
import { findEntry } from './written-entries.ts'
import type { KeyPath, YamlSource } from './yaml-source.ts'

/** Finds places in the compose files as a person wrote them. */
export type ComposeLocator = {
  /**
   * Where a key path stands, such as `['services', 'web', 'ports', '80:3000']`: in the file that has most of it, the last
   * one of these, because it overrides. Files that `include:` and `extends:` name count, too. What is not written out
   * (a default) gives its nearest parent; undefined: not even the first key is there.
   */
  place: (path: KeyPath) => Promise<Place | undefined>
  /** Where that is wrong of which Compose wrote on its standard error. */
  placeOfFault: (words: string) => Promise<Place | undefined>
}

/** A file, and how it reads where it stands. */
type Opened = { file: string; source: YamlSource }

/** `files` are read at the first question: a file of megabytes is parsed once, however much in it is asked for. */
export function createComposeLocator(input: {
  files: () => Promise<readonly TextFile[]>
  readText: ReadText
}): ComposeLocator {
  const open = createOpener(input.readText)
  let opened: Promise<Opened[]> | undefined
  const all = () => {
    opened ??= input.files().then((files) => withIncluded(files, open))
    return opened
  }
  const place = async (path: KeyPath) => {
    const main = await all()
    const others = await extendedBy(main, { path, open })
    return deepest([...others, ...main.map((file) => ({ ...file, path }))])
  }
  return {
    place,
    placeOfFault: async (words) => {
      const path = pathOfFault(words)
      if (path !== undefined) return await place(path)
      const broken = (await all()).find(({ source }) => source.value === undefined)
      return broken?.source.diagnostics[0]?.place
    },
  }
}

type Open = (path: string, text?: string) => Promise<Opened | undefined>

function createOpener(readText: ReadText): Open {
  const known = new Map<string, Promise<Opened | undefined>>()
  const read = async (path: string, given: string | undefined): Promise<Opened | undefined> => {
    const text = given ?? (await readText(path).catch(() => undefined))
    if (text === undefined) return undefined
    const { readYaml } = await import('./yaml-source.ts')
    return { file: path, source: readYaml({ path, text }) }
  }
  return (path, text) => {
    const reading = known.get(path) ?? read(path, text)
    known.set(path, reading)
    return reading
  }
}

/** The files and those that they include, and those include: what is included stands first, for it overrides nothing. */
async function withIncluded(files: readonly TextFile[], open: Open): Promise<Opened[]> {
  const main = (await Promise.all(files.map(({ path, text }) => open(path, text)))).filter(isThere)
  const found = [...main]
  for (const file of found) {
    for (const path of includedBy(file)) {
      const opened = await open(path)
      if (opened !== undefined && !found.includes(opened)) found.push(opened)
    }
  }
  return [...found.slice(main.length).reverse(), ...main]
}

// `include: [a.yaml, {path: [b.yaml, c.yaml]}]`, relative to the file that says so. Others (git, OCI) are not on this machine.
function includedBy({ file, source }: Opened): string[] {
  return listOf(source.get(['include'])).flatMap((entry) =>
    listOf(typeof entry === 'object' && entry !== null && 'path' in entry ? entry.path : entry)
      .filter((path) => typeof path === 'string')
      .map((path) => resolve(dirname(file), path)),
  )
}

type Asked = Opened & { path: KeyPath }

/** What the service of a path extends, farthest first: there the path goes on under the other service's name. */
async function extendedBy(
  files: readonly Opened[],
  { open, path }: { path: KeyPath; open: Open },
): Promise<Asked[]> {
  const [section, name, ...rest] = path
  if (section !== 'services' || name === undefined) return []
  const found: Asked[] = []
  const seen = new Set<string>()
  const follow = async (at: Opened, service: string | number): Promise<void> => {
    const key = `${at.file} ${service}`
    if (seen.has(key)) return
    seen.add(key)
    const extended = at.source.get(['services', service, 'extends'])
    const { file, service: other } = isMap(extended) ? extended : { service: extended, file: undefined }
    if (typeof other !== 'string') return
    const there = typeof file === 'string' ? await open(resolve(dirname(at.file), file)) : at
    if (there === undefined) return
    found.unshift({ ...there, path: ['services', other, ...rest] })
    await follow(there, other)
  }
  for (const file of files) await follow(file, name)
  return found
}

function deepest(asked: readonly Asked[]): Place | undefined {
  const written = asked.map(({ path, source }) => ({ source, path: asWritten(source, path) }))
  const depths = written.map(({ path, source }) => source.depth(path))
  const most = Math.max(0, ...depths)
  const found = most === 0 ? undefined : written[depths.lastIndexOf(most)]
  return found?.source.place(found.path, 'key')
}

const NAMED_ENTRIES = ['ports', 'volumes']

/** Entries of ports and volumes have several forms; of other lists the text itself is looked for. */
function asWritten(source: YamlSource, path: KeyPath): KeyPath {
  const [, , key, entry] = path
  if (typeof key !== 'string' || typeof entry !== 'string' || !NAMED_ENTRIES.includes(key)) return path
  const list = path.slice(0, 3)
  const index = findEntry(key, source.get(list), entry)
  return index === undefined ? list : [...list, index]
}

function isThere(file: Opened | undefined): file is Opened {
  return file !== undefined
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
