import { writeFileSync } from 'node:fs'
import { renderHelp } from './cli/program.ts'

// Part of the build: the main help becomes a file, which main.ts prints without loading anything.
writeFileSync(new URL('help.txt', import.meta.url), await renderHelp())
