import type { StepSubject } from '../../app/events.ts'
import type { Color } from '../../domain/color.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { FailureContext } from './told-failure.ts'

/** What users saw of a run that ended before the line. */
export function usersOfAborted(
  app: string,
  { active, begun, failure, step }: Extract<Outcome, { kind: 'aborted' }>,
  subject: StepSubject | undefined,
): string {
  const untouched = step === undefined && begun === undefined
  const users = untouched ? changedNothing(app, active) : notAffected(app, active, subject)
  return withoutShared(failure) ?? withoutProxy(failure) ?? users
}

/** What users saw of a run that did not come to move them. */
export function notAffected(
  app: string,
  active: Color | undefined,
  subject: StepSubject | undefined,
): string {
  const own = subject?.own !== undefined ? `your own containers still serve ${app}` : undefined
  const nobody = own ?? `no release serves ${app} yet`
  const serves = active === undefined ? nobody : `${active} still serves ${app}`
  return `Users were not affected: ${serves}.`
}

/** What users saw of a failure outside a run. */
export function usersOfFailure(
  { active, app = 'this app', proxy }: FailureContext,
  failure?: Failure,
): string {
  switch (proxy) {
    case undefined:
      return withoutProxy(failure) ?? withoutWords(failure) ?? changedNothing(app, active)
    case 'running':
      return `Users are answered: the proxy of ${app} runs.`
    case 'silent':
      return `Users get no answer: the proxy of ${app} runs, but is silent.`
    case 'absent':
    case 'stopped':
      return `Users get no answer: the proxy of ${app} does not run.`
    case 'unknown':
      return `Whether users of ${app} are answered could not be seen.`
  }
}

/** What users saw of a command that ended before it did anything. */
export function changedNothing(app: string, active: Color | undefined): string {
  return active === undefined ? 'Nothing was changed.' : `Nothing was changed: ${active} serves ${app}.`
}

/** A shared service that was made anew and does not run is users' own, too. */
function withoutShared(failure: Failure): string | undefined {
  if (failure.code !== 'shared-unhealthy' || !failure.recreated) return undefined
  return `Users are without ${failure.service}, which was made anew, until it runs.`
}

/** Whatever serves, nobody reaches it. */
function withoutProxy(failure: Failure | undefined): string | undefined {
  if (failure?.code !== 'proxy-absent' && failure?.code !== 'proxy-silent') return undefined
  return 'Nothing was changed: users get no answer until the proxy gives one.'
}

/** Users have what the command left them, whatever it could say of that. */
function withoutWords(failure: Failure | undefined): string | undefined {
  return failure?.code === 'output-lost'
    ? 'What the command did stands; only its words were lost.'
    : undefined
}
