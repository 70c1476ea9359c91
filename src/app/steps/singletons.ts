import { type Adoption, ownServices } from '../../domain/adoption.ts'
import { type Color, colorProject } from '../../domain/color.ts'
import type { ReleaseId } from '../../domain/release.ts'
import { removedOf } from '../../domain/removed-singletons.ts'
import type { ClassifiedService } from '../../domain/service.ts'
import type { Context } from '../command.ts'
import { holdAgain } from '../hold-again.ts'
import { previousRelease, type Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { waitStarted } from './health.ts'
import { quietContainers } from './quiet.ts'

/** A project, and the release in it whose singletons are meant; undefined: the user's own containers, of no release. */
export type SingletonsOf = { project: string; release: ReleaseId | undefined; names: readonly string[] }

/** The singletons of a release in a color. */
export function singletonsIn(
  app: string,
  of: { color: Color; release: ReleaseId; services: readonly ClassifiedService[] },
): SingletonsOf {
  const names = of.services.filter((each) => each.class === 'singleton').map((each) => each.name)
  return { project: colorProject(app, of.color), release: of.release, names }
}

/** The singletons that the user's own project runs. */
export function ownSingletons(app: string, { containers }: Adoption): SingletonsOf {
  const names = ownServices({ containers: containers.filter((each) => each.class === 'singleton') })
  return { project: app, release: undefined, names }
}

/** Singletons never run twice: they stop in the old color before they start in the new one. */
export async function handOverSingletons(run: Run): Promise<StepResult> {
  const to = newOnes(run)
  await moveSingletons(run, { from: oldOnes(run), to })
  await waitStarted(run, to.names)
  return to.names.length === 0 ? undefined : { detail: to.names.join(', ') }
}

/** The way back: the old color gets its singletons again. */
export async function returnSingletons(run: Run): Promise<void> {
  await handBackSingletons(run, { from: newOnes(run), to: oldOnes(run) })
}

type Move = { from: SingletonsOf | undefined; to: SingletonsOf | undefined }

/** Stops what may run of one release and starts what may not of the other; whom a run has quieted starts anew. */
export async function handBackSingletons(context: Context, { from, to }: Move): Promise<void> {
  const { platform } = context.ports
  const quieted = to?.names.filter((name) => context.settings.services[name]?.quiet !== undefined) ?? []
  await makeReady(context, to)
  if (to !== undefined && quieted.length > 0) await platform.stop(to.project, quieted)
  await platform.handOver({ from: servicesOf(from), to: servicesOf(to) })
}

/** Quiets and stops the singletons of one release, each of which makes room for that of the other. */
export async function moveSingletons(context: Context, { from, to }: Move): Promise<void> {
  await makeReady(context, to)
  if (from !== undefined) await quietContainers(context, { project: from.project, stopping: from.names })
  await context.ports.platform.handOver({ from: servicesOf(from), to: servicesOf(to) })
}

function servicesOf(
  singletons: SingletonsOf | undefined,
): { project: string; services: readonly string[] } | undefined {
  if (singletons === undefined || singletons.names.length === 0) return undefined
  return { project: singletons.project, services: singletons.names }
}

/** Containers wait for this moment; those that somebody removed are made while the others still run. */
async function makeReady(context: Context, to: SingletonsOf | undefined): Promise<void> {
  if (to === undefined || to.names.length === 0 || to.release === undefined) return
  const { names, project, release } = to
  const { platform, store } = context.ports
  const removed = removedOf(await platform.containers([project]), { names, project, release })
  if (removed.length === 0) return
  // What takes containers takes the names of their images, too.
  const { id, images } = (await store.readSnapshot(release)).metadata
  await holdAgain(context, { id, images: images.filter(({ service }) => removed.includes(service)) })
  await platform.make({ project, file: store.composePath(release) }, removed)
}

function newOnes({ candidate, settings, target }: Run): SingletonsOf {
  return singletonsIn(settings.app, { ...candidate, color: target })
}

function oldOnes(run: Run): SingletonsOf | undefined {
  if (run.adoption !== undefined) return ownSingletons(run.settings.app, run.adoption)
  const release = previousRelease(run)
  const known = run.world.records.snapshots.find((snapshot) => snapshot.id === release)
  if (run.from === undefined || known === undefined) return undefined
  return singletonsIn(run.settings.app, { color: run.from, release: known.id, services: known.services })
}
