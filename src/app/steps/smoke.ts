import { Expected } from '../../domain/failure.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { listenPorts } from './site.ts'

/** The configured requests, asked as a user would, through the listener that leads to the standby color. */
export async function smokeTest(run: Run): Promise<StepResult> {
  const preview = await previewUrl(run)
  if (run.site !== undefined) await run.ports.proxy.awaitUpstreams(run.site, run.target)
  for (const check of run.settings.smoke) {
    const answer = await run.ports.http.ask(new URL(check.path, preview).href, check)
    if (answer.kind === 'answered' && answer.ok) continue
    const evidence = answer.kind === 'answered' ? (answer.why ?? `status ${answer.status}`) : answer.why
    throw new Expected({ code: 'smoke-failed', path: check.path, evidence })
  }
  return { detail: `${run.settings.smoke.length} passed` }
}

/** Where a person can look at the standby color before users do. */
export async function previewUrl(run: Run): Promise<string | undefined> {
  const listen = listenPorts(run)
  const { previews } = await run.ports.proxy.ports(listen)
  const port = listen.map((each) => previews[each]).find((each) => each !== undefined)
  return port === undefined ? undefined : `http://127.0.0.1:${port}/`
}
