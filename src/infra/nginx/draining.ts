import { setTimeout as pause } from 'node:timers/promises'
import { type Color, colorProject } from '../../domain/color.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { askManagement } from './management.ts'
import { peersPattern } from './peers.ts'
import { proxySilent } from './proxy-silent.ts'
import { LEFT } from './scripts.ts'

const TIMEOUT_MS = 10_000
// Old workers that cease to accept, which takes the master 100 ms, call themselves "shutting down" a moment later:
// counted earlier, none would seem to be left.
const TITLED_MS = 250

/** Whether nginx has requests of users on a color; `unknown`: a template of the user's own does not count them. */
async function inFlight(managementPort: number, color: Color): Promise<'none' | 'some' | 'unknown'> {
  const { status } = await askManagement(managementPort, `/in-flight/${color}`, TIMEOUT_MS)
  if (status === 204) return 'none'
  return status === 409 ? 'some' : 'unknown'
}

/** Workers of older generations that are on their way out. */
export async function countOldWorkers(
  driver: ProxyDriver,
  container: ProxyContainer,
  newWorkersAtMs: number | undefined,
): Promise<number> {
  await pause(Math.max(0, (newWorkersAtMs ?? 0) + TITLED_MS - performance.now()))
  const processes = await driver.processes(container.id)
  return processes.filter((process) => process.includes('worker process is shutting down')).length
}

/**
 * Connections from nginx to a color, whichever worker has them; 0: no request of a user is on it any more. One whose body
 * nginx still reads has no connection yet, and counts all the same. Where nginx does not count requests, old workers tell.
 */
export async function countLeft(place: {
  driver: ProxyDriver
  container: ProxyContainer
  app: string
  managementPort: number
  color: Color
  /** When this run last saw new workers answer, by performance.now(); undefined: it made none. */
  newWorkersAtMs: number | undefined
}): Promise<number> {
  const { app, color, container, driver, managementPort, newWorkersAtMs } = place
  const told = await inFlight(managementPort, color).catch((error: Error) => {
    throw proxySilent(container, error.message)
  })
  const none =
    told === 'none' ||
    (told === 'unknown' && (await countOldWorkers(driver, container, newWorkersAtMs)) === 0)
  return none ? 0 : Math.max(1, await countConnections(driver, container, colorProject(app, color)))
}

async function countConnections(
  driver: ProxyDriver,
  container: ProxyContainer,
  project: string,
): Promise<number> {
  const pattern = peersPattern(await driver.addresses(project))
  if (pattern === undefined) return 0
  const argv = ['sh', '-c', LEFT, 'verdigris', pattern]
  const { output } = await driver.exec(container, argv, { timeoutMs: TIMEOUT_MS })
  return Number(output) || 0
}
