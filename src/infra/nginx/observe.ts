import type { ProxyFacts } from '../../domain/facts.ts'
import type { ProxyDriver } from './driver.ts'
import { askState } from './management.ts'
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
      maintenance: state.maintenance ?? false,
    }
  } catch (error) {
    return { state: 'silent', container: container.name, reason: (error as Error).message, ...waiting }
  }
}
