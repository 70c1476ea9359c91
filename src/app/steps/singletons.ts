import { type Color, colorProject } from '../../domain/color.ts'
import type { ReleaseId } from '../../domain/release.ts'
import type { ClassifiedService } from '../../domain/service.ts'
import type { Ports } from '../ports.ts'
import { previousRelease, type Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'

/** A color, and the release in it whose singletons are meant. */
export type SingletonsOf = { color: Color; release: ReleaseId; services: readonly ClassifiedService[] }

type Place = { ports: Pick<Ports, 'platform' | 'store'>; app: string }

/** Singletons never run twice: they stop in the old color before they start in the new one. */
export async function handOverSingletons(run: Run): Promise<StepResult> {
  await moveSingletons(placeOf(run), { from: oldOnes(run), to: newOnes(run) })
  return undefined
}

/** The way back: the old color gets its singletons again. */
export async function returnSingletons(run: Run): Promise<void> {
  await moveSingletons(placeOf(run), { from: newOnes(run), to: oldOnes(run) })
}

/** Stops the singletons of one release, then starts those of the other. */
export async function moveSingletons(
  { app, ports }: Place,
  { from, to }: { from: SingletonsOf | undefined; to: SingletonsOf | undefined },
): Promise<void> {
  const stopping = singletonsOf(from)
  if (from !== undefined && stopping.length > 0)
    await ports.platform.stop(colorProject(app, from.color), stopping)
  const starting = singletonsOf(to)
  if (to === undefined || starting.length === 0) return
  const project = { project: colorProject(app, to.color), file: ports.store.composePath(to.release) }
  await ports.platform.up(project, starting)
}

function singletonsOf(release: SingletonsOf | undefined): string[] {
  return (release?.services ?? [])
    .filter((service) => service.class === 'singleton')
    .map((service) => service.name)
}

function placeOf(run: Run): Place {
  return { ports: run.ports, app: run.settings.app }
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
