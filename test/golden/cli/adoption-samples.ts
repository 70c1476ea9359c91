import type { Event, StepSubject } from '../../../src/app/events.ts'
import type { AdoptionView } from '../../../src/app/views.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { StepId } from '../../../src/domain/steps.ts'
import { FAILURES } from './samples.ts'

const RELEASE = 'blue-20260129-101530'

const SUBJECT: StepSubject = {
  app: 'shop',
  color: 'blue',
  from: undefined,
  release: RELEASE,
  own: ['web', 'worker'],
}

const BEFORE_THE_LINE: Event[] = [
  {
    type: 'note',
    note: { note: 'adopts', containers: ['shop-web-1', 'shop-worker-1'], ports: [8080], gapMs: 300 },
  },
  done('health', 1940),
]

/** A run that takes users over from plain Compose. */
export const ADOPTING_RUN: Event[] = [
  ...BEFORE_THE_LINE,
  done('switch', 2204, 'no one had the ports for 287 ms'),
  done('singletons', 1680, 'worker'),
  done('drain', 412, 'web, worker'),
  { type: 'step-skipped', step: 'cleanup', subject: SUBJECT, reason: 'own-are-kept' },
  ended('perform', {
    kind: 'switched',
    from: undefined,
    to: 'blue',
    release: RELEASE,
    switchMs: 301,
    confirmMs: 14,
    url: 'http://127.0.0.1:8080/',
    probe: undefined,
    gapMs: 287,
    own: ['web', 'worker'],
  }),
]

/** One that had to give the ports back. */
export const GIVING_BACK_RUN: Event[] = [
  ...BEFORE_THE_LINE,
  {
    type: 'step-failed',
    step: 'switch',
    subject: SUBJECT,
    durationMs: 2300,
    failure: { ...FAILURES['port-taken'], container: undefined, own: false },
  },
  { type: 'taking-back', step: 'switch', subject: SUBJECT },
  { type: 'note', note: { note: 'leftover', what: 'close-proxy', reason: 'timed-out' } },
  ended('perform', {
    kind: 'rolled-back',
    failure: { ...FAILURES['port-taken'], container: undefined, own: false },
    step: 'switch',
    active: undefined,
  }),
]

/** An app that goes back to plain Compose. */
export const EJECTING_RUN: Event[] = [
  { type: 'note', note: { note: 'ejecting', services: ['web', 'worker'], ports: [8080] } },
  ended('eject', {
    kind: 'ejected',
    from: 'blue',
    release: RELEASE,
    gapMs: 1240,
    services: ['web', 'worker'],
    containers: 'made',
    url: 'http://127.0.0.1:8080/',
  }),
]

/** A rollback of the first release. */
export const GOING_BACK_RUN: Event[] = [
  { type: 'note', note: { note: 'ejecting', services: ['web', 'worker'], ports: [8080] } },
  ended('rollback', {
    kind: 'ejected',
    from: 'blue',
    release: RELEASE,
    gapMs: 940,
    services: ['web', 'worker'],
    containers: 'kept',
    url: 'http://127.0.0.1:8080/',
  }),
]

export const ADOPTION: AdoptionView = {
  view: 'adoption',
  app: 'shop',
  active: undefined,
  serving: ['shop-web-1'],
  singletons: ['shop-worker-1'],
  shared: ['db'],
  ports: [8080, 8443],
  gapMs: 300,
}

function done(step: StepId, durationMs: number, detail?: string): Event {
  return { type: 'step-done', step, subject: SUBJECT, durationMs, detail }
}

function ended(command: string, outcome: Outcome): Event {
  return { type: 'outcome', command, app: 'shop', outcome, durationMs: 21_400 }
}
