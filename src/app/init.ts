import type { ClassifiedService, Route } from '../domain/service.ts'
import type { Context } from './command.ts'
import { draftRelease } from './draft-release.ts'

export type InitTools = {
  render(app: { app: string; services: ClassifiedService[]; routes: Route[] }): string
  /** Writes a file that must not be there yet, unless it may be replaced. */
  write(path: string, text: string): Promise<void>
}

/** Writes an upgrade.yaml that says what was found in the compose file and every setting's default. */
export async function init(context: Context, tools: InitTools): Promise<{ path: string; text: string }> {
  const { ports, settings } = context
  const { routes, services } = await draftRelease(context, { color: 'blue', at: ports.machine.now() })
  const path = `${settings.projectDir}/upgrade.yaml`
  const text = tools.render({ app: settings.app, services, routes })
  await tools.write(path, text)
  return { path, text }
}
