import { COLORS, colorProject, proxyProject } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import type { Emit } from './events.ts'
import type { Platform } from './ports/platform.ts'
import type { Proxy } from './ports/proxy.ts'
import type { Store } from './ports/records.ts'

/** The part of the ports that commands need which only look. */
export type Eyes = {
  platform: Pick<Platform, 'containers'>
  proxy: Pick<Proxy, 'observe'>
  store: Pick<Store, 'read'>
}

/** Everything a command looks at before it decides: nginx, the containers, the records. */
export async function observeWorld(eyes: Eyes, app: string): Promise<World> {
  const projects = [app, ...COLORS.map((color) => colorProject(app, color)), proxyProject(app)]
  const [proxy, containers, records] = await Promise.all([
    eyes.proxy.observe(),
    eyes.platform.containers(projects),
    eyes.store.read(),
  ])
  return { app, proxy, containers, records }
}

/** Says which records were set aside or cannot be read, so that nobody wonders where they went. */
export function tellSetAside(world: World, emit: Emit): void {
  for (const file of world.records.setAside)
    emit({ type: 'note', note: { note: 'record-set-aside', ...file } })
  for (const snapshot of world.records.broken)
    emit({ type: 'note', note: { note: 'snapshot-broken', ...snapshot } })
}

/** Users get the page of the maintenance, whichever color serves. */
export function inMaintenance({ proxy }: World): boolean {
  return proxy.state === 'running' && proxy.maintenance
}
