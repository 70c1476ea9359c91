import { containersText } from '../../domain/containers-text.ts'
import { environmentHashes } from '../../domain/fingerprint.ts'
import { type Metadata, RECORD_FORMAT } from '../../domain/release.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'

/** Writes down all that is needed to run this release again, and holds its images under names of our own. */
export async function takeSnapshot(run: Run): Promise<StepResult> {
  const { machine, platform, store } = run.ports
  const { model } = run.candidate
  if (model === undefined) return undefined
  const [metadata, dotenv] = await Promise.all([
    describeRelease(run),
    machine.readText(`${run.settings.projectDir}/.env`),
  ])
  run.metadata = metadata
  await store.writeSnapshot({
    metadata,
    model,
    dotenv: dotenv ?? '',
    containers: containersText(run.world.containers),
  })
  // In this order: a run that dies here leaves no image that no snapshot names, which nobody would ever let go.
  const held = await Promise.allSettled(
    run.candidate.images.map((image) => platform.hold(image.id, image.tag)),
  )
  for (const each of held) if (each.status === 'rejected') throw each.reason
  return undefined
}

async function describeRelease(run: Run): Promise<Metadata> {
  const { machine } = run.ports
  const { candidate, settings } = run
  return {
    format: RECORD_FORMAT,
    id: candidate.release,
    app: settings.app,
    color: run.target,
    created: new Date(run.startedAtMs).toISOString(),
    command: run.command,
    user: machine.user(),
    git: await machine.git(settings.projectDir),
    fingerprint: candidate.fingerprint,
    images: candidate.images,
    services: candidate.services,
    routes: candidate.routes,
    links: candidate.links,
    volumes: candidate.volumes,
    definitions: candidate.definitions,
    resolved: candidate.resolved,
    environment: candidate.model === undefined ? {} : environmentHashes(candidate.model, machine.hash),
    containers: [],
    health: 'pending',
    durations: {},
    restoredFrom: candidate.restoredFrom,
  }
}

/** Completes the record of a release with what only its start could tell. */
export async function recordStart(run: Run): Promise<void> {
  const { platform, store } = run.ports
  const { release } = run.candidate
  const metadata = run.metadata ?? run.world.records.snapshots.find((snapshot) => snapshot.id === release)
  if (run.candidate.model === undefined || metadata === undefined) return
  const containers = await platform.containers([`${run.settings.app}-${run.target}`])
  await store.updateMetadata({
    ...metadata,
    health: run.attempted.includes('health') ? 'passed' : 'skipped',
    containers: containers.filter((container) => !container.oneOff).map((container) => container.name),
    durations: { ...run.durations },
  })
}
