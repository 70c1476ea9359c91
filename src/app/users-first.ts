import type { Machine } from './ports/machine.ts'

const PAUSE_MS = 20

/**
 * What the command did just now took a processor, and requests of users may have waited for it: they go first. Before each
 * burst of work near the switch; where users have just been moved, their requests open connections to a color that was idle.
 * `interrupted`.
 */
export async function letUsersGoFirst(machine: Pick<Machine, 'sleep'>): Promise<void> {
  await machine.sleep(PAUSE_MS)
}
