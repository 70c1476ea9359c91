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
import { dirname, extname, join } from 'node:path'
import { Script } from 'node:vm'

/** What a file of compiled code says of itself in its first line; what V8 checks besides is its own affair. */
type Label = {
  /** The version of Node that compiled it, and for which processor. */
  by: string
  /** The part of the program that was compiled, `size:mtime in ms`. */
  of: string
}

type Part = { path: string; script: Script; label: Label; taken: boolean }

/**
 * Has the parts of the built program, the `.cjs` files beside it, loaded as V8 compiled them the last time: to read and
 * compile them anew takes a quarter of the time of a short command. What was compiled is kept for each command, for V8
 * compiles a function when it is first called, and beside the parts, where nobody can write who could not change the
 * program, and only by the owner of that folder; where that cannot be, or a file does not fit, parts are compiled as ever. Node has this built in from version 22 on (`module.enableCompileCache`),
 * in a folder that is shared by all users unless one is named.
 */
export function keepCompiledParts(folder: string, command: string): void {
  const parts: Part[] = []
  const { extensions } = createRequire(join(folder, 'main.cjs'))
  extensions['.cjs'] = (module, file) => {
    if (dirname(file) !== folder) return extensions['.js']?.(module, file)
    const part = compile(file, `${file.slice(0, -extname(file).length)}.${command}.compiled`)
    parts.push(part)
    const wrapped = part.script.runInThisContext() as (...given: unknown[]) => void
    wrapped(module.exports, createRequire(file), module, file, folder)
  }
  process.on('exit', (code) => {
    if (code !== 0 || process.getuid?.() !== statSync(folder).uid) return
    for (const part of parts) if (!part.taken) keep(part)
  })
}

function compile(file: string, path: string): Part {
  const { size, mtimeMs } = statSync(file)
  const label = { by: `${process.version} ${process.arch}`, of: `${size}:${mtimeMs}` }
  const kept = readKept(path)
  const fits = kept?.label.by === label.by && kept.label.of === label.of
  // The build writes ASCII, which is read three times as fast as what it might be.
  const script = new Script(`${BEFORE}${readFileSync(file, 'latin1')}${AFTER}`, {
    filename: file,
    ...(fits && { cachedData: kept.code }),
  })
  return { path, script, label, taken: fits && script.cachedDataRejected === false }
}

// The arguments that Node gives to a CommonJS module, on its first line, so that line numbers stay.
const BEFORE = '(function (exports, require, module, __filename, __dirname) { '
const AFTER = '\n})'

function readKept(path: string): { label: Label; code: Buffer } | undefined {
  try {
    const bytes = readFileSync(path)
    const end = bytes.indexOf('\n')
    return { label: JSON.parse(bytes.toString('utf8', 0, end)) as Label, code: bytes.subarray(end + 1) }
  } catch {
    return undefined
  }
}

/** Whole or not at all: V8 takes the length for the whole, so that half of a file must never bear its name. */
function keep({ path, script, label }: Part): void {
  const temporary = `${path}.${process.pid}`
  try {
    const opened = openSync(temporary, 'wx', 0o644)
    try {
      const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(label)}\n`), script.createCachedData()])
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
