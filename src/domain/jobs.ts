import type { ClassifiedService } from './service.ts'
import type { Migration } from './settings.ts'

/** Something that runs to its end before a color starts; `command` replaces the service's own. */
export type Job = { service: string; command: readonly string[] | undefined }

/** The jobs of a release, in the order to run them in: the migration comes last, once every job did its part. */
export function jobsOf(services: readonly ClassifiedService[], migrate: Migration | undefined): Job[] {
  const jobs = services.filter((each) => each.class === 'job')
  return [...jobs.map(({ name }) => ({ service: name, command: undefined })), ...(migrate ? [migrate] : [])]
}

/** What a job is called. */
export function jobName({ command, service }: Job): string {
  return command === undefined ? service : `${service}: ${command.join(' ')}`
}

/** jobs.txt of a snapshot: what each job wrote. */
export function jobsText(ran: readonly { job: Job; output: string }[]): string {
  return ran.map(({ job, output }) => `# ${jobName(job)}\n${output.trimEnd()}\n`).join('\n')
}
