import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { begin } from '../../support/run.ts'
import { until } from '../../support/until.ts'

/** A program of this machine that serves in the foreground, with its configuration in a folder of its own. */
export interface Program {
  folder: string
  /** Ends it and removes its folder. */
  remove: () => Promise<void>
}

/** Starts one, and waits until it answers on its port; throws with what it wrote where it ends instead. */
export async function startProgram(options: {
  port: number
  command: (folder: string) => readonly [string, ...string[]]
  files: (folder: string) => Readonly<Record<string, string>>
}): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'vt-bench-program-'))
  for (const [name, text] of Object.entries(options.files(folder))) writeFileSync(join(folder, name), text)
  const [program, ...words] = options.command(folder)
  // Caddy keeps state in its user's folders.
  const home = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
  const running = begin(program, words, { env: { ...process.env, ...home } })
  let ended = false
  void running.ended.then(() => {
    ended = true
  })
  const remove = async () => {
    running.kill('SIGKILL')
    await running.ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until(async () => ended || (await fetch(`http://127.0.0.1:${options.port}/`)).ok)
    if (ended) throw new Error(`${program} ended at once:\n${running.output()}`)
  } catch (error) {
    await remove()
    throw error
  }
  return { folder, remove }
}
