import { Expected } from '../../domain/failure.ts'
import type { ProxyContainer } from './driver.ts'

/** nginx has a container and gives no answer, for a reason, and with what it wrote. */
export function proxySilent(
  container: Pick<ProxyContainer, 'name'>,
  reason: string,
  logs: string[] = [],
): Expected {
  return new Expected({ code: 'proxy-silent', container: container.name, reason, logs })
}

export const PAUSED = 'its container is paused'
