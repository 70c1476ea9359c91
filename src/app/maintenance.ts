import type { Context } from './command.ts'
import type { Maintenance } from './ports/proxy.ts'

/**
 * Shows users the page of the maintenance, or the app again. It needs no lock: it says nothing of colors, and
 * somebody whose upgrade goes wrong wants it now.
 */
export async function setMaintenance({ ports }: Context, wanted: Maintenance): Promise<void> {
  await ports.proxy.maintain(wanted)
}
