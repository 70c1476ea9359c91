import type { Color } from '../domain/color.ts'
import type { Drift, SetAside } from '../domain/facts.ts'
import type { Failure, Freeze, LockHolder } from '../domain/failure.ts'
import type { PullsAgain } from '../domain/held-images.ts'
import type { HistoryEntry, ReleaseId } from '../domain/release.ts'
import type { ClassifiedService, Route } from '../domain/service.ts'
import type { Diagnostic, SettingOrigin } from '../domain/settings.ts'
import type { PlannedStep, StepId } from '../domain/steps.ts'
import type { TrafficFigures } from '../domain/traffic.ts'
import type { Mended } from './mend.ts'

/** What the commands that only look return; `view` tells them apart, also in --json. */
export type View =
  | StatusView
  | HistoryView
  | PlanView
  | DoctorView
  | VerifyView
  | ConfigView
  | LockView
  | TextView
  | AdoptionView
  | DoneView

/** Where an app stands: what `status` shows. */
export type StatusView = {
  view: 'status'
  app: string
  /** What the running nginx answers; undefined: no release serves. */
  active: Color | undefined
  colors: { blue: ColorView; green: ColorView }
  /** Addresses that users reach. */
  urls: string[]
  /** Addresses that lead to the standby color. */
  previews: string[]
  /** Connections that users still have to the color that they left. */
  draining: number
  /** Users get the page of the maintenance, whichever color is active. */
  maintenance: boolean
  rollback: RollbackReadiness
  drift: Drift[]
  /** Newest first. */
  recent: HistoryEntry[]
  /** A run that died; the next command that changes things finishes it or takes it back. */
  deadRun:
    | { command: string; step: StepId; startedAt: string; release: ReleaseId; way: 'taken-back' | 'finished' }
    | undefined
  /** A run that is under way. */
  lock: LockHolder | undefined
  /** A person wants nothing to change. */
  freeze: Freeze | undefined
}

/** Who may change something now: what `lock` shows. */
export type LockView = {
  view: 'lock'
  app: string
  holder: LockHolder | undefined
  freeze: Freeze | undefined
}

/** One color of an app. */
export type ColorView = {
  release: ReleaseId | undefined
  images: { service: string; image: string }[]
  containers: { running: number; expected: number }
  /** The worst health of its containers; `none`: nothing runs; `unchecked`: no container has a health check. */
  health: 'healthy' | 'starting' | 'unhealthy' | 'unchecked' | 'none'
}

/** Whether `rollback` would work now, and how; `failure` is what it would fail with. */
export type RollbackReadiness =
  /** `pulls`: images that are no longer here and are pulled again by their digest. */
  | ({ ready: true; to: ReleaseId; color: Color; way: 'warm' | 'from-snapshot' } & PullsAgain)
  /** The user's own containers, which the first release took users from, start again. */
  | { ready: true; way: 'own'; services: string[] }
  | { ready: false; failure: Failure }

/** Switches and attempts: what `history` shows. */
export type HistoryView = {
  view: 'history'
  app: string
  /** Newest first, cut to the limit. */
  entries: HistoryEntry[]
  total: number
  /** Records that nobody can read: this look found them. */
  setAside: SetAside[]
}

/** What `perform` would do: what `plan` shows. */
export type PlanView = {
  view: 'plan'
  app: string
  command: string
  active: Color | undefined
  target: Color
  /** The target would run the same release that already serves. */
  unchanged: boolean
  services: ClassifiedService[]
  routes: Route[]
  images: ImageChange[]
  environment: EnvironmentChange[]
  /** Volumes that both colors would write. */
  sharedVolumes: { volume: string; services: string[] }[]
  /** A unified diff of the rendered configuration; empty: no difference. */
  nginxDiff: string
  steps: PlannedStep[]
  /** What would cost users something. */
  downtime: DowntimeWarning[]
}

/** An image of the plan beside the one that serves; equal when the service keeps it. */
export type ImageChange = {
  service: string
  from: string | undefined
  to: string | undefined
  /** How the new one gets here; `present`: it is here already. */
  by: 'pull' | 'build' | 'present'
}

/** Environment names of one service that differ from the release that serves. */
export type EnvironmentChange = { service: string; added: string[]; removed: string[]; changed: string[] }

/** Something that users would notice, and why. */
export type DowntimeWarning =
  | { warning: 'first-run-takes-ports'; ports: number[]; containers: string[]; gapMs: number }
  | { warning: 'proxy-recreated'; ports: number[] }
  | { warning: 'shared-changed'; services: string[]; fate: 'leave' | 'recreate' }
  | { warning: 'singleton-gap'; service: string }
  | { warning: 'no-health-check'; service: string }
  | { warning: 'proxy-cannot-keep-idle-connections'; version: string }

/** What `doctor` found. */
export type DoctorView = {
  view: 'doctor'
  app: string | undefined
  checks: DoctorCheck[]
  /** What `--fix` did before; undefined: it was not asked to. */
  mended?: Mended | undefined
}

/** One check of `doctor`: `found` says what was seen, `failure` explains a bad verdict. */
export type DoctorCheck = {
  id: DoctorCheckId
  verdict: 'ok' | 'warn' | 'fail' | 'skipped'
  found: string
  /** Words and cure of a verdict that is not ok; a warning without one stands for itself. */
  failure: Failure | undefined
  /** A command to paste, where the failure's own next step is not the cure. */
  cure: string | undefined
  /** Differences between records and what is. */
  drift?: Drift[]
  /** The check whose failure left nothing to be found out here; it was skipped. */
  because?: DoctorCheckId
}

/** The checks that `doctor` makes, in the order it shows them. */
export type DoctorCheckId =
  | 'engine'
  | 'compose'
  | 'compose-file'
  | 'settings'
  | 'deployments'
  | 'disk'
  | 'ports'
  | 'networks'
  | 'proxy'
  | 'images'
  | 'health-checks'
  | 'records'

/** How requests fared: what `verify` shows. */
export type VerifyView = {
  view: 'verify'
  app: string
  /** The way of users, or the preview of the standby color. */
  way: 'live' | 'preview'
  url: string
  before: Answering
  /** Differs from `before` where users were switched meanwhile. */
  after: Answering
  figures: TrafficFigures
}

/** Who answers, as nginx itself says. */
export type Answering = { color: Color; release: ReleaseId; generation: number }

/** Every setting, its value and where it came from: what `config` shows. Secrets are masked already. */
export type ConfigView = {
  view: 'config'
  files: string[]
  rows: { key: string; value: string | undefined; origin: SettingOrigin }[]
  diagnostics: Diagnostic[]
}

/** Text of something else, shown as it is: the rendered configuration of nginx. */
type TextView = { view: 'text'; title: string; text: string }

/** What the first release does to an app that plain Compose runs: what `init --adopt` shows. */
export type AdoptionView = {
  view: 'adoption'
  app: string
  /** A color serves already; undefined: none does. */
  active: Color | undefined
  /** Containers of the user's own project: those that a color takes the place of, and those that run once. */
  serving: string[]
  singletons: string[]
  /** Services that go on as they are. */
  shared: string[]
  /** Ports that change hands; []: nobody has them. */
  ports: number[]
  gapMs: number
}

/** Something done that has no steps. */
export type DoneView = { view: 'done' } & (
  | { done: 'proxy-started'; app: string; urls: string[] }
  | { done: 'proxy-stopped'; app: string }
  | { done: 'maintenance-on'; app: string }
  | { done: 'maintenance-off'; app: string }
  | { done: 'settings-written'; path: string }
)
