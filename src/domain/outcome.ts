import type { Color } from './color.ts'
import type { Failure, FailureCode } from './failure.ts'
import type { ReleaseId } from './release.ts'
import type { StepId } from './steps.ts'
import type { TrafficFigures } from './traffic.ts'

/** How a command that changes things ended. */
export type Outcome =
  | {
      kind: 'switched'
      from: Color | undefined
      to: Color
      release: ReleaseId
      /** From the begin of the installation until it was confirmed. */
      switchMs: number
      /** From the end of the installation until it was confirmed. */
      confirmMs: number
      url: string | undefined
      /** The requests sent during the switch; undefined: none were. */
      probe: TrafficFigures | undefined
      /** How long the ports were nobody's while they changed hands; absent: they did not. */
      gapMs?: number
      /** Services of the user's own project that users were moved off; absent: none. */
      own?: string[]
    }
  | {
      kind: 'ejected'
      from: Color
      release: ReleaseId
      /** From when the proxy let the ports go until every route had answered. */
      gapMs: number
      services: string[]
      /** Made of the files as they are now, or those that users had before the first release. */
      containers: 'made' | 'kept'
      url: string | undefined
    }
  | { kind: 'prepared'; color: Color; release: ReleaseId; preview: string | undefined }
  | { kind: 'unchanged'; color: Color; release: ReleaseId }
  | { kind: 'cleaned'; color: Color; removed: boolean; containers: number }
  | { kind: 'refused'; failure: Failure }
  | {
      kind: 'aborted'
      failure: Failure
      step: StepId | undefined
      active: Color | undefined
      /** What had begun outside of any step, and is not undone: the next command goes on with it. */
      begun?: Begun
    }
  | { kind: 'rolled-back'; failure: Failure; step: StepId; active: Color | undefined }
  | { kind: 'stuck'; failure: Failure; step: StepId; wayBack: Failure; active: Color | undefined }

/**
 * Containers of a color were being stopped or removed; the rest of a dead run was being dealt with; containers of the
 * user's own project were being made, which nobody starts before the ports are free.
 */
export type Begun = 'cleanup' | 'recovery' | 'eject'

/** Exit codes of the design, §6. */
export function exitCodeOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'switched':
    case 'prepared':
    case 'unchanged':
    case 'cleaned':
    case 'ejected':
      return 0
    case 'refused':
    case 'aborted':
      return exitCodeOfFailure(outcome.failure.code)
    case 'rolled-back':
      return 6
    case 'stuck':
      return 7
  }
}

const EXIT: Partial<Record<FailureCode, number>> = {
  'wrong-usage': 2,
  'unknown-color': 2,
  'needs-confirmation': 2,
  'compose-file-missing': 3,
  'compose-file-invalid': 3,
  'compose-refused': 3,
  'settings-invalid': 3,
  'file-unusable': 3,
  'template-failed': 3,
  'nginx-refused': 3,
  'record-too-new': 3,
  'no-previous-release': 3,
  'snapshot-missing': 3,
  'snapshot-broken': 3,
  'images-gone': 3,
  'eject-differs': 3,
  'eject-unpublished': 3,
  'eject-crowded': 3,
  locked: 4,
  frozen: 4,
  'freeze-of-another': 4,
}

/** The exit code of a failure that users did not see. */
export function exitCodeOfFailure(code: FailureCode): number {
  return EXIT[code] ?? 5
}
