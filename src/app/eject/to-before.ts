import { Expected } from '../../domain/failure.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Site } from '../../domain/site.ts'
import type { Context, Held } from '../command.ts'
import { runClosingHooks, runHook } from '../hooks.ts'
import { beginRun } from '../run.ts'
import { runningCandidate } from '../running-candidate.ts'
import { giveBack } from './give-back.ts'

/** The way back of the first release: the very containers that users had before it, whatever the files say now. */
export async function goBackToOwn(
  context: Context,
  held: Held,
  { services, site }: { services: string[]; site: Site },
): Promise<Outcome> {
  const { active, world } = held
  const id = active && site.releases[active]
  const release = world.records.snapshots.find((snapshot) => snapshot.id === id)
  if (active === undefined || release === undefined) throw new Expected({ code: 'no-previous-release' })
  const { routes } = release
  const listen = [...new Set(routes.map((route) => route.listen))]
  context.emit({ type: 'note', note: { note: 'ejecting', services, ports: listen } })
  const back = { color: active, release, routes, services, site } as const
  const outcome = await giveBack(context, held, { ...back, command: 'rollback', answers: 'any' })
  const candidate = runningCandidate({ world, site, color: active, release: release.id })
  const run = beginRun(context, held, {
    command: 'rollback',
    target: active,
    candidate,
    site,
    displaced: undefined,
  })
  // Of a hook's words "who serves users" is none of the colors now.
  if (outcome.kind === 'ejected') await runHook({ ...run, from: undefined }, 'post_rollback')
  else await runClosingHooks(run, outcome)
  return outcome
}
