import { jobName, jobsOf, jobsText } from '../../domain/jobs.ts'
import { type Run, targetProject } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { linkShared } from './start.ts'

/** Migrations and seeds run to completion with the new images, on the shared database, before the color starts. */
export async function runJobs(run: Run): Promise<StepResult> {
  const { platform, store } = run.ports
  const { candidate, settings } = run
  const jobs = jobsOf(candidate.services, settings.migrate)
  const project = targetProject(run)
  await platform.ensureVolumes(candidate.volumes)
  await platform.ensureNetworks(project.project, candidate.model?.networks ?? {})
  await platform.create(project)
  await linkShared(platform, { app: settings.app, project: project.project, links: candidate.links })
  const ran: { job: (typeof jobs)[number]; output: string }[] = []
  for (const job of jobs) {
    const output = await platform.runJob(project, job, (text) =>
      run.emit({ type: 'step-progress', step: 'jobs', text: `${job.service}: ${text}` }),
    )
    ran.push({ job, output })
    await store.writeJobs(candidate.release, jobsText(ran))
  }
  return { detail: jobs.map(jobName).join(', ') }
}
