import { type Color, colorProject } from '../../domain/color.ts'
import type { ReleaseId } from '../../domain/release.ts'
import type { ClassifiedService } from '../../domain/service.ts'
import type { Context } from '../command.ts'
import { previousRelease, type Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { waitStarted } from './health.ts'
import { quietContainers } from './quiet.ts'

/** A color, and the release in it whose singletons are meant. */
export type SingletonsOf = { color: Color; release: ReleaseId; services: readonly ClassifiedService[] }

/** Singletons never run twice: they stop in the old color before they start in the new one. */
export async function handOverSingletons(run: Run): Promise<StepResult> {
  const to = newOnes(run)
  await moveSingletons(run, { from: oldOnes(run), to })
  const names = singletonsOf(to)
  await waitStarted(run, names)
  return names.length === 0 ? undefined : { detail: names.join(', ') }
}

/** The way back: the old color gets its singletons again. */
export async function returnSingletons(run: Run): Promise<void> {
  await handBackSingletons(run, { from: newOnes(run), to: oldOnes(run) })
}

type Move = { from: SingletonsOf | undefined; to: SingletonsOf | undefined }

/** Stops what may run of one release and starts what may not of the other; whom a run has quieted starts anew. */
export async function handBackSingletons(context: Context, { from, to }: Move): Promise<void> {
  const quieted = singletonsOf(to).filter((name) => context.settings.services[name]?.quiet !== undefined)
  await stop(context, from, singletonsOf(from))
  await stop(context, to, quieted)
  await start(context, to)
}

/** Quiets and stops the singletons of one release, then starts those of the other. */
export async function moveSingletons(context: Context, { from, to }: Move): Promise<void> {
  const stopping = singletonsOf(from)
  if (from !== undefined)
    await quietContainers(context, { project: colorProject(context.settings.app, from.color), stopping })
  await stop(context, from, stopping)
  await start(context, to)
}

async function stop(
  { ports, settings }: Context,
  from: SingletonsOf | undefined,
  names: readonly string[],
): Promise<void> {
  if (from === undefined || names.length === 0) return
  await ports.platform.stop(colorProject(settings.app, from.color), names)
}

/** Containers that wait for this moment are started as they are: nothing runs meanwhile. */
async function start({ ports, settings }: Context, to: SingletonsOf | undefined): Promise<void> {
  const names = singletonsOf(to)
  if (to === undefined || names.length === 0) return
  const project = colorProject(settings.app, to.color)
  const made = (await ports.platform.containers([project])).filter(
    (each) => each.release === to.release && !each.oneOff,
  )
  const waiting = names.every((name) => made.some((each) => each.service === name))
  if (waiting) await ports.platform.start(project, names)
  else await ports.platform.up({ project, file: ports.store.composePath(to.release) }, names)
}

function singletonsOf(release: SingletonsOf | undefined): string[] {
  return (release?.services ?? [])
    .filter((service) => service.class === 'singleton')
    .map((service) => service.name)
}

function newOnes({ candidate, target }: Run): SingletonsOf {
  return { color: target, release: candidate.release, services: candidate.services }
}

function oldOnes(run: Run): SingletonsOf | undefined {
  const release = previousRelease(run)
  const known = run.world.records.snapshots.find((snapshot) => snapshot.id === release)
  if (run.from === undefined || known === undefined) return undefined
  return { color: run.from, release: known.id, services: known.services }
}
