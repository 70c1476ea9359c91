import type { ProxyFacts } from '../../domain/facts.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { askState } from './management.ts'
import { countConnections } from './old-connections.ts'
import { PROXY_LABEL, parsePortLabels } from './proxy-ports.ts'

const STATE_TIMEOUT_MS = 2_000

/** What the engine says of the proxy's container, and what nginx itself answers. Changes nothing. */
export async function observeProxy(driver: ProxyDriver, project: string): Promise<ProxyFacts> {
  const container = await driver.find(project)
  if (!container) return { state: 'absent' }
  if (!container.running) return { state: 'stopped', container: container.name }
  const ports = parsePortLabels(container.labels)
  if (!ports) return { state: 'silent', container: container.name, reason: 'its labels name no ports' }
  try {
    const state = await askState(ports.management, STATE_TIMEOUT_MS)
    // Asking the engine costs as much as the rest of this look; long after a switch the answer is known.
    const drained = state.drainedByMs !== undefined && Date.now() > state.drainedByMs
    const draining = drained ? 0 : await countDraining(driver, container)
    return {
      state: 'running',
      container: container.name,
      image: container.labels[PROXY_LABEL.image] ?? '',
      generation: state.generation,
      active: state.color,
      releases: state.releases,
      managementPort: ports.management,
      previewPorts: ports.previews,
      draining,
      maintenance: state.maintenance ?? false,
      drainingConnections: draining === 0 ? 0 : await countConnections(driver, container, ports),
    }
  } catch (error) {
    return { state: 'silent', container: container.name, reason: (error as Error).message }
  }
}

/** Workers of older generations that still serve. */
export async function countDraining(driver: ProxyDriver, container: ProxyContainer): Promise<number> {
  const processes = await driver.processes(container.id)
  return processes.filter((process) => process.includes('worker process is shutting down')).length
}
