import type { Color } from './color.ts'
import type { Hook } from './hooks.ts'
import type { LackingFeature } from './nginx-features.ts'
import type { ReleaseId } from './release.ts'
import type { Diagnostic, Place } from './settings.ts'

/** Who holds the lock of an app. */
export type LockHolder = {
  pid: number
  host: string
  user: string
  command: string
  step: string
  /** ISO 8601, UTC. */
  since: string
}

/** A person's wish that nothing changes until they, or somebody else, lift it. */
export type Freeze = {
  user: string
  host: string
  /** ISO 8601, UTC. */
  since: string
  message: string
}

/** Every expected way to fail, with the facts that explain it. Words for them: cli/reporter/failure-words.ts. */
export type Failure =
  /** `next`: commands that would be right. */
  | { code: 'wrong-usage'; message: string; next?: string[] }
  | { code: 'unknown-color'; word: string }
  // What a person wrote
  /** `records`: the folder that tells of no app, either. */
  | { code: 'compose-file-missing'; directory: string; records?: string }
  /** `place`: where that is wrong, as far as Compose's words tell. */
  | { code: 'compose-file-invalid'; output: string; place?: Place | undefined }
  | { code: 'compose-refused'; refusals: Diagnostic[] }
  | { code: 'settings-invalid'; diagnostics: Diagnostic[] }
  /** What a person wrote, or meant to: it is no file, or a link to none. */
  | { code: 'file-unusable'; path: string; reason: string }
  | { code: 'template-failed'; template: string; line: number | undefined; reason: string }
  | { code: 'nginx-refused'; output: string; template: string | undefined }
  | { code: 'record-too-new'; file: string; found: number; supported: number }
  // The machine
  | { code: 'engine-unreachable'; reason: string }
  | { code: 'compose-missing' }
  | { code: 'compose-too-old'; found: string; needed: string }
  /** `lacks`: the newest first. */
  | { code: 'proxy-too-old'; image: string; found: string; lacks: LackingFeature[] }
  | {
      code: 'port-taken'
      port: number
      holder: string | undefined
      container: string | undefined
      own: boolean
      /** It is no port of users, but one of the proxy's own on loopback. */
      setting?: 'management' | 'preview'
    }
  /** `needed` is unknown where the engine itself said that none is left. */
  | { code: 'networks-exhausted'; free: number; needed: number | undefined }
  | { code: 'disk-full'; path: string; freeBytes: number; neededBytes: number }
  /** `isFull`: the disk, or the quota, is what is used up. */
  | { code: 'deployment-dir-unwritable'; path: string; reason: string; isFull?: boolean }
  /** Another user of the machine could have written what decides what is started. */
  | { code: 'folder-unsafe'; path: string; reason: string }
  | { code: 'name-taken'; project: string; directory: string }
  | { code: 'proxy-ports-differ'; published: number[]; needed: number[] }
  /** `container`: the file is in there. */
  | { code: 'file-failed'; path: string; reason: string; isFull?: boolean; container?: string }
  | { code: 'file-exists'; path: string }
  /** Of what the command found or did, something could not be told. */
  | { code: 'output-lost'; reason: string }
  // Images and containers
  | { code: 'image-missing'; service: string | undefined; image: string; output: string }
  | { code: 'build-failed'; services: string[]; output: string }
  /** `command` replaced the service's own. */
  | { code: 'job-failed'; service: string; command: string | undefined; exitCode: number; output: string }
  /** `recreated`: this run made it anew, so that users are without it. */
  | { code: 'shared-unhealthy'; service: string; state: string; recreated: boolean; logs: string[] }
  | { code: 'start-failed'; project: string; output: string }
  | {
      code: 'container-exited'
      service: string
      container: string
      exitCode: number
      oomKilled: boolean
      logs: string[]
    }
  | { code: 'container-restarting'; service: string; container: string; restarts: number; logs: string[] }
  | {
      code: 'never-healthy'
      service: string
      container: string | undefined
      waitedMs: number
      evidence: string
      tries: number
      logs: string[]
    }
  | { code: 'became-unhealthy'; service: string; evidence: string; logs: string[] }
  | { code: 'smoke-failed'; path: string; evidence: string }
  | {
      code: 'hook-failed'
      hook: Hook
      command: string
      how:
        | { ended: 'exited'; exitCode: number }
        | { ended: 'timed-out'; afterMs: number; inside?: 'ended' | undefined }
        | { ended: 'not-started'; reason: string }
        | { ended: 'no-container'; service: string }
      /** Its last lines. */
      output: string[]
    }
  // Commands that cannot be done
  | { code: 'locked'; holder: LockHolder | undefined }
  | { code: 'lock-lost' }
  | { code: 'frozen'; freeze: Freeze }
  | { code: 'freeze-of-another'; freeze: Freeze }
  | { code: 'already-active'; color: Color }
  | { code: 'not-running'; color: Color }
  | { code: 'standby-unhealthy'; color: Color; service: string; evidence: string }
  | { code: 'active-untouchable'; color: Color }
  | { code: 'nothing-deployed' }
  | { code: 'no-previous-release' }
  | { code: 'snapshot-missing'; id: ReleaseId; known: ReleaseId[] }
  | { code: 'snapshot-broken'; id: ReleaseId; reason: string }
  | { code: 'images-gone'; id: ReleaseId; images: string[] }
  /** The compose file, or what it takes in, is another one than what users have. */
  | { code: 'eject-differs'; release: ReleaseId }
  /** Ports that users come by and that no service of the compose file publishes. */
  | { code: 'eject-unpublished'; ports: number[] }
  /** Plain Compose would start several containers that publish the same port. */
  | { code: 'eject-crowded'; service: string; replicas: number; port: number }
  | { code: 'eject-unanswered'; port: number; evidence: string; waitedMs: number }
  | { code: 'needs-confirmation'; question: string }
  | { code: 'declined' }
  // The proxy
  | { code: 'proxy-absent' }
  | { code: 'proxy-silent'; container: string; reason: string; logs: string[] }
  | { code: 'maintenance-unknown' }
  | { code: 'reload-without-effect'; expected: number; answered: string; logs: string[] }
  | { code: 'command-failed'; command: string; exitCode: number | undefined; output: string }
  /** `inside`: what it had begun in a container was ended there, too. */
  | { code: 'timed-out'; what: string; afterMs: number; inside?: 'ended' }
  | { code: 'interrupted'; signal: string }

export type FailureCode = Failure['code']

/** An expected failure on its way up: adapters throw it, only the plan runner and main catch it. */
export class Expected extends Error {
  readonly failure: Failure

  constructor(failure: Failure, cause?: unknown) {
    super(failure.code, cause === undefined ? undefined : { cause })
    this.name = 'Expected'
    this.failure = failure
  }
}

export function failureOf(error: unknown): Failure | undefined {
  return error instanceof Expected ? error.failure : undefined
}
