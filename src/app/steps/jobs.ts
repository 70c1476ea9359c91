import { type Run, targetProject } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { linkShared } from './start.ts'

/** Migrations and seeds run to completion with the new images, on the shared database, before the color starts. */
export async function runJobs(run: Run): Promise<StepResult> {
  const { platform } = run.ports
  const jobs = run.candidate.services.filter((service) => service.class === 'job').map((each) => each.name)
  const project = targetProject(run)
  await platform.ensureVolumes(run.candidate.volumes)
  await platform.create(project)
  await linkShared(platform, { app: run.settings.app, project: project.project, links: run.candidate.links })
  for (const job of jobs) {
    await platform.runJob(project, job, (text) =>
      run.emit({ type: 'step-progress', step: 'jobs', text: `${job}: ${text}` }),
    )
  }
  return { detail: jobs.join(', ') }
}
