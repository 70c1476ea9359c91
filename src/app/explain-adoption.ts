import { EXPECTED_GAP_MS, type OwnContainer } from '../domain/adoption.ts'
import { activeColor } from '../domain/drift.ts'
import { gatherAdoption } from './adoption.ts'
import type { Context } from './command.ts'
import { draftRelease } from './draft-release.ts'
import { checkPorts } from './preflight.ts'
import type { AdoptionView } from './views.ts'
import { observeWorld } from './world.ts'

/** What the first `perform` does to an app that runs already, before anything is done. */
export async function explainAdoption(context: Context): Promise<AdoptionView> {
  const { ports, settings } = context
  const [world, { routes, services }] = await Promise.all([
    observeWorld(ports, settings.app),
    draftRelease(context, { color: 'blue', at: ports.machine.now() }),
  ])
  const adoption = await gatherAdoption(context, world, services)
  await checkPorts(context, world, routes, adoption)
  const namesOf = (role: OwnContainer['class']) =>
    (adoption?.containers ?? []).flatMap((each) => (each.class === role ? [each.name] : [])).sort()
  return {
    view: 'adoption',
    app: settings.app,
    active: activeColor(world),
    serving: namesOf('colored'),
    singletons: namesOf('singleton'),
    shared: services.flatMap((each) => (each.class === 'shared' ? [each.name] : [])),
    ports: adoption?.attachments.length ? [...new Set(routes.map((route) => route.listen))] : [],
    gapMs: EXPECTED_GAP_MS,
  }
}
