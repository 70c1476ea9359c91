import type { Color } from './color.ts'
import type { Failure } from './failure.ts'
import type { Outcome } from './outcome.ts'
import type { ReleaseId } from './release.ts'
import type { StepId } from './steps.ts'

/** The moments at which a command of the user's own runs. */
export const HOOKS = ['pre_deploy', 'pre_switch', 'post_switch', 'post_rollback', 'on_failure'] as const

export type Hook = (typeof HOOKS)[number]

/** The hooks that are set, in their order. */
export function hooksSet(hooks: Readonly<Partial<Record<Hook, unknown>>>): Hook[] {
  return HOOKS.filter((hook) => hooks[hook] !== undefined)
}

/** Before which step each hook of a command runs, whether that step has something to do or not. */
export type HookPlaces = Partial<Record<StepId, Hook>>

/** A release is deployed and switched to. */
export const PERFORM_HOOKS: HookPlaces = {
  snapshot: 'pre_deploy',
  switch: 'pre_switch',
  watch: 'post_switch',
}

/** A release is only prepared: nobody is switched. */
export const PREPARE_HOOKS: HookPlaces = { snapshot: 'pre_deploy' }

export const SWITCH_HOOKS: HookPlaces = { switch: 'pre_switch', watch: 'post_switch' }

/** Nothing stands in the way of a rollback: its hook runs once users are back. */
export const ROLLBACK_HOOKS: HookPlaces = { watch: 'post_rollback' }

/** Hooks that run once a run has ended: users are back already, or saw nothing. */
export function hooksAfter(outcome: Outcome): Hook[] {
  switch (outcome.kind) {
    case 'rolled-back':
      return ['post_rollback', 'on_failure']
    case 'stuck':
    case 'aborted':
      return ['on_failure']
    case 'switched':
    case 'prepared':
    case 'unchanged':
    case 'cleaned':
    case 'ejected':
    case 'refused':
      return []
  }
}

/** Whether a run ends and is taken back because this hook failed. */
export function endsRun({ hook, rollsBack }: { hook: Hook; rollsBack: boolean }, failure: Failure): boolean {
  if (failure.code === 'interrupted') return true
  return hook === 'pre_deploy' || hook === 'pre_switch' || (hook === 'post_switch' && rollsBack)
}

/** What a hook is told of the run that it belongs to. */
export type HookSubject = {
  hook: Hook
  app: string
  command: string
  release: ReleaseId
  previous: ReleaseId | undefined
  /** The color of the release. */
  color: Color
  /** Who serves users while the hook runs. */
  active: Color | undefined
  preview: string | undefined
  deployments: string
  /** Why the run ended; undefined: it goes on. */
  failed: { step: StepId | undefined; failure: Failure } | undefined
}

/** The environment of a hook, besides the one it inherits; what is not known is empty. */
export function hookEnvironment(subject: HookSubject): Record<string, string> {
  const { failed } = subject
  return {
    VERDIGRIS_HOOK: subject.hook,
    VERDIGRIS_APP: subject.app,
    VERDIGRIS_COMMAND: subject.command,
    VERDIGRIS_RELEASE: subject.release,
    VERDIGRIS_PREVIOUS: subject.previous ?? '',
    VERDIGRIS_COLOR: subject.color,
    VERDIGRIS_ACTIVE: subject.active ?? '',
    VERDIGRIS_PREVIEW: subject.preview ?? '',
    VERDIGRIS_DEPLOYMENTS: subject.deployments,
    VERDIGRIS_STEP: failed?.step ?? '',
    VERDIGRIS_FAILURE: failed?.failure.code ?? '',
  }
}

/**
 * The color in whose containers a hook of a service runs: the new release once it runs, else whoever serves users.
 * undefined: no release runs.
 */
export function hookColor({
  hook,
  color,
  active,
}: Pick<HookSubject, 'hook' | 'color' | 'active'>): Color | undefined {
  return hook === 'pre_switch' ? color : active
}
