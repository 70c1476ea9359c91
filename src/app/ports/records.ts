import type { Adoption } from '../../domain/adoption.ts'
import type { Color } from '../../domain/color.ts'
import type { ComposeModel } from '../../domain/compose-model.ts'
import type { Records } from '../../domain/facts.ts'
import type { Freeze, LockHolder } from '../../domain/failure.ts'
import type { HistoryEntry, Metadata, ReleaseId } from '../../domain/release.ts'
import type { Site } from '../../domain/site.ts'
import type { StepId } from '../../domain/steps.ts'

/** The deployments folder. Every write is atomic; folders 0700, files 0600. */
export interface Store {
  /**
   * The folder is ours, exists and can be written, else `folder-unsafe`, `deployment-dir-unwritable`. It is made where it
   * is not there; `in-passing` takes it away again.
   */
  check(how?: 'in-passing'): Promise<{ freeBytes: number }>
  /** Takes from others the rights to what can hold secrets; returns what they could get at, relative to the folder. */
  tighten(): Promise<string[]>
  /**
   * Corrupt files are set aside, and told; `record-too-new`. History is looked at from its end, as far as somebody asks;
   * `whole`: all of it, so that damage anywhere is told.
   */
  read(depth?: 'whole'): Promise<Records>
  writeActive(color: Color | undefined): Promise<void>
  append(entry: HistoryEntry): Promise<void>
  writeSnapshot(snapshot: Snapshot): Promise<void>
  /** What the jobs of a release wrote, kept in its snapshot. */
  writeJobs(id: ReleaseId, text: string): Promise<void>
  updateMetadata(metadata: Metadata): Promise<void>
  /** `snapshot-missing`, `snapshot-broken`. */
  readSnapshot(id: ReleaseId): Promise<Snapshot>
  /** The compose file of a snapshot, absolute. */
  composePath(id: ReleaseId): string
  removeSnapshot(id: ReleaseId): Promise<void>
  readJournal(): Promise<Journal | undefined>
  writeJournal(journal: Journal): Promise<void>
  clearJournal(): Promise<void>
}

export type Snapshot = { metadata: Metadata; model: ComposeModel; dotenv: string; containers: string }

/** What runs now, so that the next command can finish it or take it back. */
export type Journal = {
  format: number
  app: string
  command: string
  holder: LockHolder
  target: Color
  from: Color | undefined
  release: ReleaseId
  /** The release users were on before. */
  previous: ReleaseId | undefined
  /** The generation users were on before; 0: none. */
  generation: number
  /** This run starts containers of the target color; undoing it removes them. */
  startsColor: boolean
  /** This run made the proxy. */
  madeProxy: boolean
  /** The release that had the target color before, and was warm. */
  displaced: ReleaseId | undefined
  /** The app that plain Compose ran, off which users are moved; absent: there was none. */
  adoption?: Adoption | undefined
  /** The proxy takes the ports from elsewhere in this run. */
  takesPorts?: boolean
  /** The site before this run; absent: there was none. */
  before?: Site | undefined
  /** Services that an eject brings up in the user's own project; absent: it is none. */
  ejects?: string[]
  step: StepId
  startedAt: string
}

export interface Lock {
  /** Holds the app's lock while `fn` runs; `locked` with the holder; a dead holder's is taken over. */
  hold<T>(command: string, fn: (held: HeldLock) => Promise<T>): Promise<T>
  holder(): Promise<LockHolder | undefined>
  /** A freeze, which lasts until it is lifted; what cannot be read is one, too. */
  frozen(): Promise<Freeze | undefined>
  freeze(freeze: Freeze): Promise<void>
  thaw(): Promise<void>
}

export interface HeldLock {
  /** Throws `lock-lost` when it is no longer ours. */
  check(): Promise<void>
  /** Shown to whoever finds the lock taken. Throws `lock-lost` when it is no longer ours. */
  at(step: StepId): Promise<void>
  me: LockHolder
  /** The dead holder whose lock this was; the note `lock-taken-over` tells of it. */
  tookOver: LockHolder | undefined
}
