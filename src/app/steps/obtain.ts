import { judgeDrift } from '../../domain/drift.ts'
import { fingerprint } from '../../domain/fingerprint.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { type ImagePolicy, obtainImages } from './images.ts'

/** Step 2: images are there, or the run ends because users already have exactly this. */
export async function obtainOrStop(
  run: Run,
  options: { images: ImagePolicy; unchanged: 'stop' | 'go-on' },
): Promise<StepResult> {
  const { candidate, emit, settings } = run
  const original = candidate.original
  if (original === undefined || candidate.model === undefined) return undefined
  const found = await obtainImages(
    run.ports.platform,
    {
      app: settings.app,
      model: original,
      services: candidate.images.map((image) => image.service),
      known: run.world.records.snapshots,
    },
    { policy: options.images, emit, say: (text) => emit({ type: 'step-progress', step: 'images', text }) },
  )
  candidate.images = candidate.images.map((image) => ({ ...image, ...found[image.service] }))
  candidate.fingerprint = fingerprint({
    model: original,
    images: Object.fromEntries(candidate.images.map((image) => [image.service, image.id])),
    routes: candidate.routes,
    classes: candidate.services,
    delivery: settings.delivery,
    hash: run.ports.machine.hash,
  })
  const active = run.from === undefined ? undefined : run.site?.releases[run.from]
  const serving = run.world.records.snapshots.find((snapshot) => snapshot.id === active)
  if (
    options.unchanged === 'stop' &&
    run.from !== undefined &&
    serving?.fingerprint === candidate.fingerprint &&
    activeRuns(run)
  ) {
    return { end: { kind: 'unchanged', color: run.from, release: serving.id } }
  }
  return { detail: [...new Set(candidate.images.map(({ image }) => image))].join(', ') }
}

/** Users who should have exactly this, and whose containers or proxy are gone, are not served by doing nothing. */
function activeRuns(run: Run): boolean {
  return judgeDrift(run.world).every(
    (drift) => drift.kind !== 'active-not-running' && drift.kind !== 'proxy-down',
  )
}
