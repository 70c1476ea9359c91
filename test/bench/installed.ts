import { run } from '../support/run.ts'

/** A program that is not here, and how to get it. */
export class NotInstalled extends Error {
  constructor(program: string, use: string) {
    super(`\`${program}\` is not installed; \`apt-get install ${program}\` gets it. ${use}`)
  }
}

/** Whether a program is found: 127 is "no such program", wrk ends its version with 1. */
export async function isInstalled(program: string): Promise<boolean> {
  return (await run(program, ['-v'])).code !== 127
}

/** Throws where a program is not here; `use` says what cannot be measured without it. */
export async function demandInstalled(program: string, use: string): Promise<void> {
  if (!(await isInstalled(program))) throw new NotInstalled(program, use)
}
