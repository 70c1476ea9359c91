import { type Color, colorProject } from '../../domain/color.ts'
import type { ClassifiedService } from '../../domain/service.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'

/** Singletons never run twice: they stop in the old color before they start in the new one. */
export async function handOverSingletons(run: Run): Promise<StepResult> {
  if (run.from !== undefined) await stopSingletons(run, run.from)
  await startSingletons(run, run.target)
  return undefined
}

/** The way back: the old color gets its singletons again. */
export async function returnSingletons(run: Run): Promise<void> {
  await stopSingletons(run, run.target)
  if (run.from !== undefined) await startSingletons(run, run.from)
}

async function stopSingletons(run: Run, color: Color): Promise<void> {
  const names = singletonsOf(run, color)
  if (names.length > 0) await run.ports.platform.stop(colorProject(run.settings.app, color), names)
}

async function startSingletons(run: Run, color: Color): Promise<void> {
  const names = singletonsOf(run, color)
  const release = color === run.target ? run.candidate.release : run.site?.releases[color]
  if (names.length === 0 || release === undefined) return
  const project = colorProject(run.settings.app, color)
  await run.ports.platform.up({ project, file: run.ports.store.composePath(release) }, names)
}

function singletonsOf(run: Run, color: Color): string[] {
  return servicesOf(run, color)
    .filter((service) => service.class === 'singleton')
    .map((service) => service.name)
}

function servicesOf(run: Run, color: Color): ClassifiedService[] {
  if (color === run.target) return run.candidate.services
  const release = run.site?.releases[color]
  return run.world.records.snapshots.find((snapshot) => snapshot.id === release)?.services ?? []
}
