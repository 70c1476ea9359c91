import type { ProxyFacts } from '../../domain/facts.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { askManagement, askState, type State } from './management.ts'
import { isWaiting, PROXY_LABEL, parsePortLabels } from './proxy-ports.ts'
import { PAUSED } from './proxy-silent.ts'

const STATE_TIMEOUT_MS = 2_000

/** What the engine says of the proxy's container, and what nginx itself answers. Changes nothing. */
export async function observeProxy(driver: ProxyDriver, project: string): Promise<ProxyFacts> {
  const container = await driver.find(project)
  if (!container) return { state: 'absent' }
  const waiting = isWaiting(container.labels) ? { waiting: true as const } : {}
  if (!container.running) return { state: 'stopped', container: container.name, ...waiting }
  if (container.paused) return { state: 'silent', container: container.name, reason: PAUSED, ...waiting }
  const ports = parsePortLabels(container.labels)
  if (!ports)
    return { state: 'silent', container: container.name, reason: 'its labels name no ports', ...waiting }
  try {
    const state = await askState(ports.management, STATE_TIMEOUT_MS)
    return {
      state: 'running',
      ...waiting,
      container: container.name,
      image: container.labels[PROXY_LABEL.image] ?? '',
      generation: state.generation,
      active: state.color,
      releases: state.releases,
      managementPort: ports.management,
      previewPorts: ports.previews,
      mayDrain: isWithinDrainTime(state) && (await isAnybodyConnected(ports.management)),
      maintenance: state.maintenance ?? false,
    }
  } catch (error) {
    return { state: 'silent', container: container.name, reason: (error as Error).message, ...waiting }
  }
}

function isWithinDrainTime({ drainedByMs }: State): boolean {
  return drainedByMs === undefined || Date.now() <= drainedByMs
}

/** nginx counts connections of all its workers together, old ones too; one of them is this question's own. */
async function isAnybodyConnected(managementPort: number): Promise<boolean> {
  const { body } = await askManagement(managementPort, '/status', STATE_TIMEOUT_MS)
  return /^Active connections: 1 $/m.exec(body) === null
}

/** Workers of older generations that still serve. */
export async function countDraining(driver: ProxyDriver, container: ProxyContainer): Promise<number> {
  const processes = await driver.processes(container.id)
  return processes.filter((process) => process.includes('worker process is shutting down')).length
}
