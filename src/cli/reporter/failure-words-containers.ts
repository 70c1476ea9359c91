import type { Failure } from '../../domain/failure.ts'
import { countWords, listWords, sentence, timeWords } from './amount-words.ts'
import { asSentence, type FailureContext, logOf, logsCommand, type ToldFailure } from './told-failure.ts'

type Container = Extract<
  Failure,
  {
    code:
      | 'image-missing'
      | 'build-failed'
      | 'job-failed'
      | 'shared-unhealthy'
      | 'start-failed'
      | 'container-exited'
      | 'container-restarting'
      | 'never-healthy'
      | 'became-unhealthy'
      | 'smoke-failed'
  }
>

/** Words for failures of images and containers. */
export function tellContainerFailure(failure: Container, context: FailureContext): ToldFailure {
  switch (failure.code) {
    case 'image-missing':
      return tellImageMissing(failure)
    case 'build-failed':
      return {
        what: `${listWords(failure.services)} could not be built.`,
        why: logOf(failure.output),
        next: [{ run: `docker compose build ${failure.services.join(' ')}`, gives: 'builds again, by hand' }],
      }
    case 'job-failed':
      return {
        what: `${jobWords(failure)} failed with exit code ${failure.exitCode}.`,
        why: [...logOf(failure.output), 'What it changed before it failed stays changed.'],
        next: [{ run: 'upgrade perform', gives: 'runs it again, once its cause is mended' }],
      }
    case 'shared-unhealthy':
      return {
        what: `The shared service ${failure.service} is not healthy.`,
        why: [asSentence(`It is ${failure.state}`), ...logOf(failure.logs)],
        next: [{ run: `docker compose logs --tail 50 ${failure.service}` }],
      }
    case 'start-failed':
      return {
        what: `${failure.project} could not be started.`,
        why: logOf(failure.output),
        next: [{ run: 'upgrade doctor', gives: 'looks for the usual causes' }],
      }
    case 'container-exited':
      return {
        what: `${place(failure.service, context)} ended with exit code ${failure.exitCode}.`,
        why: [
          ...(failure.oomKilled ? ['The kernel killed it: it took more memory than it may have.'] : []),
          ...logOf(failure.logs),
        ],
        next: [logsCommand(context, failure.service)],
      }
    case 'container-restarting':
      return {
        what: `${place(failure.service, context)} keeps restarting.`,
        why: [`It was restarted ${countWords(failure.restarts, 'time')}.`, ...logOf(failure.logs)],
        next: [logsCommand(context, failure.service)],
      }
    case 'never-healthy':
      return tellNeverHealthy(failure, context)
    case 'became-unhealthy':
      return {
        what: `${place(failure.service, context)} was healthy and no longer is.`,
        why: [asSentence(failure.evidence), ...logOf(failure.logs)],
        next: [logsCommand(context, failure.service)],
      }
    case 'smoke-failed':
      return {
        what: `The smoke test of ${failure.path} failed.`,
        why: [asSentence(`GET ${failure.path}: ${failure.evidence}`)],
        next: [{ run: 'upgrade perform', gives: 'tries again, once its cause is mended' }],
      }
  }
}

function jobWords({ command, service }: Extract<Failure, { code: 'job-failed' }>): string {
  return command === undefined ? `The job ${service}` : `The migration "${command}" in ${service}`
}

function tellImageMissing(failure: Extract<Failure, { code: 'image-missing' }>): ToldFailure {
  const whose = failure.service === undefined ? '' : ` of ${failure.service}`
  const refused = /denied|unauthorized|authentication required/i.test(failure.output)
  return {
    what: `The image ${failure.image}${whose} is not here and could not be pulled.`,
    why: logOf(failure.output),
    next: [
      ...(refused ? [{ run: 'docker login', gives: 'if the registry asks who you are' }] : []),
      { run: `docker pull ${failure.image}`, gives: 'pulls it by hand' },
    ],
  }
}

function tellNeverHealthy(
  failure: Extract<Failure, { code: 'never-healthy' }>,
  context: FailureContext,
): ToldFailure {
  const tries = failure.tries > 1 ? `, ${failure.tries} times` : ''
  const seconds = Math.ceil(failure.waitedMs / 1000) * 2
  return {
    what: `${sentence(context.color ?? failure.service)} did not become healthy in ${timeWords(failure.waitedMs)}.`,
    why: [
      asSentence(`${failure.service}: ${failure.evidence.replace(/\.$/, '')}${tries}`),
      ...logOf(failure.logs),
    ],
    next: [
      logsCommand(context, failure.service),
      { run: `upgrade perform --timeout ${seconds}`, gives: 'waits longer, if it is only slow' },
    ],
  }
}

function place(service: string, context: FailureContext): string {
  return context.color === undefined ? service : `${service} in ${context.color}`
}
