import type { Color } from '../domain/color.ts'

/** What every command is given: where the app is. Undefined is what was not said. */
export type GlobalOptions = {
  directory: string | undefined
  config: string | undefined
  deployments: string | undefined
  app: string | undefined
}

/** How results are printed. */
export type Output = { json: boolean }

/** How long another upgrade is waited for, in seconds; undefined: not at all. */
export type Waiting = { waitS: number | undefined }

type PerformOptions = Output &
  Waiting & {
    /** Undefined: the environment, upgrade.yaml or the default decide. */
    autoSwitch: true | undefined
    autoCleanup: true | undefined
    /** As typed, a number of seconds or "90s": config reads it, as it reads the same setting elsewhere. */
    timeout: string | undefined
    health: 'wait' | 'skip'
    pull: 'pull' | 'skip'
    build: 'build' | 'skip'
    unchanged: 'stop' | 'go-on'
    changedShared: ChangedShared
    questions: Questions
  }

/** What becomes of shared services whose definition changed. */
type ChangedShared = 'leave' | 'recreate'

/** Whether questions are asked, or answered with yes beforehand. */
export type Questions = 'ask' | 'yes'

type SwitchOptions = Output & Waiting & { color: Color; unhealthy: 'refuse' | 'accept' }

type RollbackOptions = Output & Waiting & { to: string | undefined }

type StatusOptions = Output & { exitCode: 'plain' | 'by-drift' }

type HistoryOptions = Output & { limit: number }

type VerifyOptions = Output & { way: 'live' | 'preview'; seconds: number }

type CleanupOptions = Output &
  Waiting & {
    color: Color | undefined
    containers: 'stop' | 'remove'
    questions: Questions
  }

type EjectOptions = Output & Waiting & { questions: Questions }

type LogsOptions = {
  color: Color | undefined
  service: string | undefined
  follow: boolean
  tail: number
}

/** What the commands do. Each resolves when it is done; an expected failure is thrown. */
export type Actions = {
  perform(options: PerformOptions, global: GlobalOptions): Promise<void>
  switch(options: SwitchOptions, global: GlobalOptions): Promise<void>
  rollback(options: RollbackOptions, global: GlobalOptions): Promise<void>
  cleanup(options: CleanupOptions, global: GlobalOptions): Promise<void>
  eject(options: EjectOptions, global: GlobalOptions): Promise<void>
  maintenance(options: { wanted: 'on' | 'off' }, global: GlobalOptions): Promise<void>
  status(options: StatusOptions, global: GlobalOptions): Promise<void>
  history(options: HistoryOptions, global: GlobalOptions): Promise<void>
  plan(options: Output & { changedShared: ChangedShared }, global: GlobalOptions): Promise<void>
  doctor(options: Output & { fix: boolean }, global: GlobalOptions): Promise<void>
  verify(options: VerifyOptions, global: GlobalOptions): Promise<void>
  config(options: Output, global: GlobalOptions): Promise<void>
  logs(options: LogsOptions, global: GlobalOptions): Promise<void>
  lock(options: Output, global: GlobalOptions): Promise<void>
  lockAcquire(options: Output & Waiting & { message: string }, global: GlobalOptions): Promise<void>
  lockRelease(options: Output & { whose: 'own' | 'anyones' }, global: GlobalOptions): Promise<void>
  init(
    options: { existing: 'keep' | 'replace'; running: 'leave' | 'adopt' },
    global: GlobalOptions,
  ): Promise<void>
  proxyStart(options: Waiting & { running: 'keep' | 'recreate' }, global: GlobalOptions): Promise<void>
  proxyStop(options: Waiting & { questions: Questions }, global: GlobalOptions): Promise<void>
  proxyConfig(options: Record<string, never>, global: GlobalOptions): Promise<void>
  proxyLogs(options: { follow: boolean; tail: number }, global: GlobalOptions): Promise<void>
}
