#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepCompiledParts } from './infra/compiled-parts.ts'

// `--help` is asked for most often and must feel instant: its text is written when the package is built, so that
// not even the command line parser has to load.
const words = process.argv.slice(2)
const wantsHelp =
  words.length === 0 || (words.length === 1 && ['--help', '-h', 'help'].includes(words[0] ?? ''))
const help = wantsHelp ? builtHelp() : undefined

if (help === undefined) void run()
else show(help)

async function run(): Promise<void> {
  // As it was built; from its sources there are no parts.
  if (import.meta.url.endsWith('.cjs'))
    keepCompiledParts(dirname(fileURLToPath(import.meta.url)), commandIn(words))
  const { runCommandLine } = await import('./command-line.ts')
  // Nothing is left to do: to take the program apart piece by piece would need a processor for 6 ms more.
  process.exit(await runCommandLine(words))
}

/** Whoever asked may have read enough: `upgrade --help | head -1`. The command line knows that from a full disk, and says so. */
function show(text: string): void {
  process.stdout.once('error', () => void run())
  process.stdout.write(text)
}

/** The first word, if it can be a command's name; a run that ended well had one. */
function commandIn([first = '']: readonly string[]): string {
  return /^[a-z]+$/.test(first) ? first : 'other'
}

/** undefined: the program runs from its sources. */
function builtHelp(): string | undefined {
  try {
    return readFileSync(new URL('help.txt', import.meta.url), 'utf8')
  } catch {
    return undefined
  }
}
