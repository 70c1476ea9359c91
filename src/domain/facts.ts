import type { Color } from './color.ts'
import type { History, Metadata, ReleaseId } from './release.ts'

/** What the engine says of one container. */
export type ContainerFacts = {
  id: string
  name: string
  project: string
  service: string
  /** Where the compose files of its project lie; undefined: Compose did not say. */
  workingDir: string | undefined
  /** Labels of this tool; undefined on containers it did not make. */
  app: string | undefined
  color: Color | undefined
  release: ReleaseId | undefined
  /** Compose's hash of the definition that it was made from; undefined: Compose did not say. */
  definition: string | undefined
  image: string
  state: 'created' | 'running' | 'restarting' | 'paused' | 'exited' | 'removing' | 'dead'
  /** undefined: the container has no health check. */
  health: 'starting' | 'healthy' | 'unhealthy' | undefined
  /** The engine's own words, "Up 3 minutes (healthy)". */
  status: string
  oneOff: boolean
}

/** What nginx itself answers on its management listener, and what the engine says of its container. */
export type ProxyFacts =
  | { state: 'absent' }
  | ({ state: 'stopped'; container: string } & Waiting)
  | ({ state: 'silent'; container: string; reason: string } & Waiting)
  | ({
      state: 'running'
      container: string
      image: string
      generation: number
      active: Color | undefined
      releases: { blue: ReleaseId | undefined; green: ReleaseId | undefined }
      managementPort: number
      /** Public listen port → loopback preview port. */
      previewPorts: Record<number, number>
      /** Users get the page of the maintenance instead of the app. */
      maintenance: boolean
    } & Waiting)

/** `waiting`: only preview and management are published; the app that runs already still has the listen ports. */
type Waiting = { waiting?: true }

/** The records as read; a corrupt one was set aside and is told in `setAside`. */
export type Records = {
  active: Color | undefined
  history: History
  snapshots: Metadata[]
  setAside: SetAside[]
  /** Snapshots that are there and cannot be gone back to. */
  broken: { id: ReleaseId; reason: string }[]
}

/** A record that nobody can read, and the name that it was kept under. */
export type SetAside = { file: string; keptAs: string; reason: string }

/** Everything a command looks at before it decides. */
export type World = { app: string; proxy: ProxyFacts; containers: ContainerFacts[]; records: Records }

/** A difference between what was written down and what is. */
export type Drift =
  /** Nobody can read what was written down. */
  | ({ kind: 'record-set-aside' } & SetAside)
  | { kind: 'active-record'; recorded: Color | undefined; observed: Color | undefined }
  | { kind: 'release-record'; color: Color; recorded: ReleaseId; observed: ReleaseId | undefined }
  /** The last switch in history leads to another color than nginx; `recorded` is undefined where it has none. */
  | { kind: 'history-record'; recorded: Color | undefined; observed: Color; release: ReleaseId | undefined }
  /** Files of the proxy are not as they were installed. */
  | { kind: 'proxy-files'; files: string[] }
  /** Containers in a color that no release put there. */
  | { kind: 'foreign-containers'; color: Color; containers: string[] }
  /** Singletons that run in the color that users are not on. */
  | { kind: 'singleton-astray'; color: Color; services: string[] }
  /** Services of the release that run in the user's own project, too: `twice` are those that never may. */
  | { kind: 'own-beside'; services: string[]; twice: string[] }
  | { kind: 'active-not-running'; color: Color; running: number; expected: number }
  /** Shared services that run as another definition than the release was deployed with. */
  | { kind: 'shared-differs'; release: ReleaseId; services: string[] }
  | { kind: 'proxy-down'; state: 'absent' | 'stopped' | 'silent' }
  | { kind: 'snapshot-lost'; color: Color; release: ReleaseId }

/**
 * Where an image came from: some registry has it, it was made or loaded on this machine, or the engine does not tell.
 */
export type ImageOrigin = 'registry' | 'here' | 'untold'

export type ImageFacts = { id: string; digests: string[]; repoTags: string[]; origin: ImageOrigin }
