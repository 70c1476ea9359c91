import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { Script } from 'node:vm'

/** What a file of compiled code says of itself in its first line; what V8 checks besides is its own affair. */
type Label = {
  /** The version of Node that compiled it, and for which processor. */
  by: string
  /** The part of the program that was compiled, `size:mtime in ms`. */
  of: string
  /** The commands whose code is in it: V8 compiles a function when it is first called. */
  commands: string[]
}

type Part = { file: string; script: Script; label: Label; told: boolean }

/**
 * Has the parts of the built program, the `.cjs` files beside it, loaded as V8 compiled them the last time: to read and
 * compile them anew takes a quarter of the time of a short command. What was compiled is kept beside the parts, where
 * nobody can write who could not change the program, and only by the owner of that folder; where that cannot be, or a
 * file does not fit, parts are compiled as ever. Node has this built in from version 22 on (`module.enableCompileCache`),
 * in a folder that is shared by all users unless one is named.
 */
export function keepCompiledParts(folder: string, command: string): void {
  const parts: Part[] = []
  const { extensions } = createRequire(join(folder, 'main.cjs'))
  extensions['.cjs'] = (module, file) => {
    if (dirname(file) !== folder) return extensions['.js']?.(module, file)
    const part = compile(file)
    parts.push(part)
    const wrapped = part.script.runInThisContext() as (...given: unknown[]) => void
    wrapped(module.exports, createRequire(file), module, file, folder)
  }
  process.on('exit', (code) => {
    if (code !== 0 || process.getuid?.() !== statSync(folder).uid) return
    for (const part of parts) if (!part.told || !part.label.commands.includes(command)) keep(part, command)
  })
}

function compile(file: string): Part {
  const { size, mtimeMs } = statSync(file)
  const label = { by: `${process.version} ${process.arch}`, of: `${size}:${mtimeMs}`, commands: [] }
  const kept = readKept(file)
  const fits = kept?.label.by === label.by && kept.label.of === label.of
  const script = new Script(
    WRAPPER.replace('CODE', () => readFileSync(file, 'utf8')),
    {
      filename: file,
      ...(fits && { cachedData: kept.code }),
    },
  )
  const told = fits && script.cachedDataRejected === false
  return { file, script, label: told ? kept.label : label, told }
}

// The arguments that Node gives to a CommonJS module, on its first line, so that line numbers stay.
const WRAPPER = '(function (exports, require, module, __filename, __dirname) { CODE\n})'

function readKept(file: string): { label: Label; code: Buffer } | undefined {
  try {
    const bytes = readFileSync(keptAs(file))
    const end = bytes.indexOf('\n')
    return { label: JSON.parse(bytes.toString('utf8', 0, end)) as Label, code: bytes.subarray(end + 1) }
  } catch {
    return undefined
  }
}

/** Whole or not at all: V8 takes the length for the whole, so that half of a file must never bear its name. */
function keep({ file, script, label }: Part, command: string): void {
  const path = keptAs(file)
  const temporary = `${path}.${process.pid}`
  const head = JSON.stringify({ ...label, commands: [...label.commands, command] } satisfies Label)
  try {
    const opened = openSync(temporary, 'wx', 0o644)
    try {
      const bytes = Buffer.concat([Buffer.from(`${head}\n`), script.createCachedData()])
      if (writeSync(opened, bytes) < bytes.length) throw new Error('The disk is full.')
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    renameSync(temporary, path)
  } catch {
    // Only speed is lost.
    rmSync(temporary, { force: true })
  }
}

function keptAs(file: string): string {
  return join(dirname(file), `${basename(file, '.cjs')}.compiled`)
}
