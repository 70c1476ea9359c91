import type { Proxy as ProxyPort } from '../../../src/app/ports/proxy.ts'
import type { Site } from '../../../src/domain/site.ts'

/** Moves users as the program does: by marks, or by a generation of its own where more than the color differs. */
export async function moveTo(proxy: ProxyPort, site: Site): Promise<'led' | 'installed'> {
  const led = await proxy.lead(site)
  if (led === undefined) await proxy.install(site)
  const leads = led === undefined ? undefined : site.active
  await proxy.confirm(led ?? site.generation, { times: 5, timeoutMs: 5_000, leads })
  return led === undefined ? 'installed' : 'led'
}
