import type { Color } from '../domain/color.ts'
import type { Failure, LockHolder } from '../domain/failure.ts'
import type { Hook } from '../domain/hooks.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { ReleaseId } from '../domain/release.ts'
import type { PlannedStep, SkipReason, StepId } from '../domain/steps.ts'

/** Something worth knowing that is no step: repairs, recoveries, warnings. */
export type Note =
  | { note: 'record-set-aside'; file: string; keptAs: string; reason: string }
  | { note: 'snapshot-broken'; id: ReleaseId; reason: string }
  | { note: 'record-repaired'; what: 'active' | 'history'; from: string | undefined; to: string | undefined }
  | {
      note: 'recovered'
      command: string
      release: ReleaseId | undefined
      step: StepId
      way: 'taken-back' | 'finished'
    }
  | { note: 'pull-failed-used-local'; service: string; image: string; reason: string }
  /** `reason`: why it was not pulled; undefined: it was not to be. */
  | { note: 'named-again'; service: string; image: string; release: ReleaseId; reason: string | undefined }
  | { note: 'pulling-again'; service: string; image: string }
  | { note: 'volume-written-by-both'; volume: string; services: string[] }
  | { note: 'setting-up'; what: 'proxy' }
  | { note: 'proxy-rebuilt'; leadsTo: Color | undefined }
  | { note: 'proxy-mended'; was: 'absent' | 'stopped' | 'silent' }
  | { note: 'proxy-files-mended'; files: string[]; generation: number }
  | { note: 'rejoined'; joined: { service: string; network: string }[] }
  | { note: 'starts-with-engine'; containers: string[] }
  /** Of files that can hold secrets; paths relative to the deployments folder. */
  | { note: 'rights-taken'; paths: string[] }
  | { note: 'adopts'; containers: string[]; ports: number[]; gapMs: number }
  | { note: 'ejecting'; services: string[]; ports: number[] }
  | { note: 'leftover'; what: string; reason: string }
  | { note: 'lock-taken-over'; holder: string }
  | { note: 'waiting-for-lock'; holder: LockHolder; seconds: number }
  /** Somebody interrupted a run while these were being stopped, which is waited for. */
  | { note: 'waiting-for-stop'; containers: string[]; seconds: number }
  | { note: 'shared-changed'; services: string[]; fate: 'leave' | 'recreate' }
  | { note: 'not-quieted'; service: string; reason: string }
  | { note: 'kept-for-inspection'; color: Color }
  | { note: 'maintenance-is-on' }
  | { note: 'verifying'; url: string; seconds: number }

/** What a step works on, for the words of its line. */
export type StepSubject = {
  app: string
  color: Color
  from: Color | undefined
  release: ReleaseId | undefined
  /** Services of the user's own project whose users are moved; absent: none. */
  own?: string[]
}

/** Everything that can happen while a plan runs; the reporters and --json show the same events. */
export type Event =
  | { type: 'plan'; command: string; subject: StepSubject; steps: PlannedStep[] }
  | { type: 'step-started'; step: StepId; subject: StepSubject }
  | { type: 'step-progress'; step: StepId; text: string }
  | { type: 'step-done'; step: StepId; subject: StepSubject; durationMs: number; detail: string | undefined }
  | { type: 'step-skipped'; step: StepId; subject: StepSubject; reason: SkipReason }
  | { type: 'step-failed'; step: StepId; subject: StepSubject; durationMs: number; failure: Failure }
  | { type: 'taking-back'; step: StepId; subject: StepSubject }
  | { type: 'hook-started'; hook: Hook; subject: StepSubject }
  | { type: 'hook-output'; hook: Hook; text: string }
  | { type: 'hook-done'; hook: Hook; durationMs: number }
  /** `ends`: the run ends here and is taken back; else it goes on. */
  | { type: 'hook-failed'; hook: Hook; durationMs: number; failure: Failure; ends: boolean }
  | { type: 'note'; note: Note }
  | { type: 'outcome'; command: string; app: string; outcome: Outcome; durationMs: number }

/** Where events go. */
export type Emit = (event: Event) => void
