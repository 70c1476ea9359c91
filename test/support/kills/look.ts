import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Journal } from '../../../src/app/ports/records.ts'
import type { StatusView } from '../../../src/app/views.ts'
import type { Sandbox } from '../sandbox.ts'

/** Asks `upgrade status`, which answers whatever has been killed, and tells of it what is so. */
export async function look(box: Sandbox): Promise<{ view: StatusView | undefined; broken: string[] }> {
  const ran = await box.upgrade(['status', '--json'])
  if (ran.code !== 0)
    return { view: undefined, broken: [`status ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`] }
  const view = JSON.parse(ran.stdout) as StatusView
  const broken: string[] = []
  const { active, deadRun, lock } = view
  const journal = journalOf(box)
  if (lock !== undefined)
    broken.push(`status tells of a lock that a dead program holds: ${JSON.stringify(lock)}`)
  if ((deadRun === undefined) !== (journal === undefined))
    broken.push(`status tells ${JSON.stringify(deadRun)} of the journal ${JSON.stringify(journal)}`)
  const way = active === journal?.target ? 'finished' : 'taken-back'
  if (deadRun !== undefined && deadRun.way !== way)
    broken.push(`status says ${deadRun.way} where users are on ${active}`)
  return { view, broken }
}

/** What a run that died left to tell of it. */
export function journalOf(box: Sandbox): Journal | undefined {
  if (!existsSync(join(box.folder, 'deployments/journal.json'))) return undefined
  return JSON.parse(box.read('deployments/journal.json')) as Journal
}
