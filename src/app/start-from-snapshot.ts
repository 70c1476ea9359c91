import { colorProject } from '../domain/color.ts'
import type { ReleaseId } from '../domain/release.ts'
import type { Context } from './command.ts'
import { holdAgain } from './hold-again.ts'
import { linkShared } from './steps/start.ts'

/** Brings a release that stood warm back as its snapshot says, in the color it had. */
export async function startFromSnapshot(
  context: Pick<Context, 'emit' | 'ports' | 'settings'>,
  id: ReleaseId,
): Promise<void> {
  const { ports, settings } = context
  const { platform, proxy, store } = ports
  const { metadata, model } = await store.readSnapshot(id)
  await holdAgain(context, metadata)
  const project = { project: colorProject(settings.app, metadata.color), file: store.composePath(id) }
  await platform.ensureNetworks(project.project, model.networks ?? {})
  await platform.create(project)
  await linkShared(platform, { app: settings.app, project: project.project, links: metadata.links })
  await platform.up(project)
  await proxy.join((await platform.networks(project.project)).map((network) => network.name))
}
