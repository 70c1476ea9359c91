import type { StepSubject } from '../../app/events.ts'
import type { SkipReason } from '../../domain/steps.ts'

/** Why a step has nothing to do, to follow "Skipped …: ". */
export function skipWords(reason: SkipReason, subject: StepSubject): string {
  const old = subject.from ?? 'the old color'
  switch (reason) {
    case 'no-shared-services':
      return 'this app has none'
    case 'no-jobs':
      return 'this app has none'
    case 'no-singletons':
      return 'this app has none'
    case 'no-smoke-tests':
      return 'none are configured'
    case 'health-not-asked':
      return 'you asked for that with --skip-health'
    case 'watch-not-configured':
      return 'it is not configured'
    case 'stays-warm':
      return `${old} stays running, for a rollback at once`
    case 'nothing-to-drain':
      return 'no requests are left on another color'
    case 'cleanup-not-asked':
      if (subject.from === undefined) return 'no other color runs'
      return `${old} stays running, for a rollback at once`
    case 'own-are-kept':
      return 'your own containers are kept for "upgrade rollback"'
    case 'not-switched':
      return `users stay where they are until you switch to ${subject.color}`
    case 'still-running':
      return `${subject.color} still runs`
    case 'from-snapshot':
      return `${subject.color} starts from its snapshot`
    case 'pull-and-build-not-asked':
      return 'you asked for that with --no-pull and --no-build'
  }
}
