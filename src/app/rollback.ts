import { chooseRollback, type Found, rollbackFailure, whatIsKnown } from '../domain/choose-rollback.ts'
import { otherColor } from '../domain/color.ts'
import { Expected } from '../domain/failure.ts'
import { holdTag } from '../domain/hold-tag.ts'
import { hooksSet } from '../domain/hooks.ts'
import type { Outcome } from '../domain/outcome.ts'
import { planRollback } from '../domain/plan.ts'
import { recolorModel } from '../domain/recolor.ts'
import { type ReleaseId, releaseId } from '../domain/release.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Site } from '../domain/site.ts'
import { type Context, type Held, runCommand } from './command.ts'
import { goBackToOwn } from './eject/to-before.ts'
import { holdAgain } from './hold-again.ts'
import type { Snapshot } from './ports/records.ts'
import { beginRun, type Candidate, countRun } from './run.ts'
import { runPlan } from './run-plan.ts'
import { warmCandidate } from './running-candidate.ts'
import { lastLook, waitHealthy } from './steps/health.ts'
import { ensureShared } from './steps/shared.ts'
import { takeSnapshot } from './steps/snapshot.ts'
import { startStandby } from './steps/start.ts'
import { AFTER_THE_LINE, fromTheLine, servingSite } from './switch.ts'

/** Back to what users had before: at once while it is warm, else started again from its own snapshot. */
export function rollback(context: Context, options: { to: ReleaseId | undefined }): Promise<Outcome> {
  return runCommand(context, 'rollback', async (held) => {
    const site = await servingSite(context, held)
    const choice = choose(held, options.to, site)
    if (choice.kind === 'own') return goBackToOwn(context, held, { services: choice.services, site })
    const release = choice.release.id
    const target = held.active === undefined ? 'blue' : otherColor(held.active)
    const warm = runningRelease(held.world, target) === release
    const candidate = warm
      ? await warmCandidate(context, held, { site, color: target, release })
      : await restoredCandidate(context, held, release)
    const displaced = warm ? undefined : runningRelease(held.world, target)
    const run = beginRun(context, held, { command: 'rollback', target, candidate, site, displaced })
    const { steps } = planRollback({
      ...countRun(run),
      stillRunning: warm,
      restoredAnew: candidate.restoredFrom !== undefined,
      healthAsked: !warm,
      watchMs: run.settings.watchMs,
      cleanupAsked: run.settings.autoCleanup,
      somethingActive: run.from !== undefined,
      hooks: hooksSet(run.settings.hooks),
    })
    return runPlan(run, {
      steps: warm ? fromTheLine(steps) : steps.slice(1),
      gate: lastLook,
      actions: {
        snapshot: takeSnapshot,
        shared: (each) => ensureShared(each, []),
        start: startStandby,
        health: waitHealthy,
        ...AFTER_THE_LINE,
      },
    })
  })
}

function choose({ active, world }: Held, to: ReleaseId | undefined, site: Site): Found {
  if (active === undefined) throw new Expected({ code: 'nothing-deployed' })
  const choice = chooseRollback({ ...whatIsKnown(world), active: site.releases[active], to })
  if (choice.kind === 'found' || choice.kind === 'own') return choice
  throw new Expected(rollbackFailure(choice, active))
}

/** The release as its snapshot has it: its images, its environment; in the color that is free now. */
async function restoredCandidate(context: Context, held: Held, id: ReleaseId): Promise<Candidate> {
  const { ports } = context
  const snapshot = await ports.store.readSnapshot(id)
  await holdAgain(context, snapshot.metadata)
  const { metadata } = snapshot
  const base = {
    services: metadata.services,
    routes: metadata.routes,
    links: metadata.links,
    volumes: metadata.volumes,
    definitions: metadata.definitions ?? {},
    resolved: metadata.resolved ?? {},
    fingerprint: metadata.fingerprint,
    original: undefined,
  }
  const target = held.active === undefined ? metadata.color : otherColor(held.active)
  if (metadata.color === target) {
    return { ...base, release: id, images: metadata.images, model: snapshot.model, restoredFrom: undefined }
  }
  return { ...base, ...recolored(context, held, snapshot), restoredFrom: id }
}

function recolored(
  { settings }: Context,
  held: Held,
  { metadata, model }: Snapshot,
): Pick<Candidate, 'release' | 'images' | 'model'> {
  const to = otherColor(metadata.color)
  const release = releaseId(to, new Date(held.startedAtMs))
  const images = metadata.images.map((image) => ({
    ...image,
    tag: holdTag({ app: settings.app, service: image.service, release }),
  }))
  const moved = recolorModel({ model, app: settings.app, from: metadata.color, to, release })
  for (const image of images) {
    const service = moved.services[image.service]
    if (service !== undefined) service.image = image.tag
  }
  return { release, images, model: moved }
}
