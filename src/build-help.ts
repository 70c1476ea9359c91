import { writeFileSync } from 'node:fs'
import { renderHelp } from './cli/program.ts'
import { packageRoot } from './infra/package-root.ts'

// Part of the build: the main help becomes a file, which main.ts prints without loading anything.
writeFileSync(new URL('dist/help.txt', packageRoot()), await renderHelp())
