import type { Color } from '../domain/color.ts'
import type { ComposeModel } from '../domain/compose-model.ts'
import type { ContainerFacts, ImageFacts, ProxyFacts, Records } from '../domain/facts.ts'
import type { LockHolder } from '../domain/failure.ts'
import type { ContainerLook } from '../domain/health.ts'
import type { HistoryEntry, Metadata, ReleaseId } from '../domain/release.ts'
import type { NamedVolume } from '../domain/service.ts'
import type { HttpCheck, Place } from '../domain/settings.ts'
import type { Site } from '../domain/site.ts'
import type { StepId } from '../domain/steps.ts'
import type { TrafficRecord } from '../domain/traffic.ts'
import type { TrafficTarget } from '../domain/traffic-target.ts'

/** A line of progress from something that takes long. */
export type Say = (text: string) => void

/** A compose project that was written to a file: `docker compose -p project -f file`. */
export type ProjectFile = { project: string; file: string }

/** A shared container joined to a color's network under the names that services know it by. */
export type Link = { container: string; network: string; aliases: string[] }

/**
 * Where an application runs: Compose on one engine. Every call throws `Expected` for failures of the outside
 * world and has a deadline; an aborted signal ends it with `interrupted`.
 */
export interface Platform {
  /** Engine and Compose answer and are new enough, else `engine-unreachable`, `compose-missing`, `compose-too-old`. */
  check(): Promise<{ engine: string; compose: string; apiVersion: string }>
  /** The resolved model of the user's compose files; `compose-file-missing`, `compose-file-invalid`. */
  model(): Promise<ComposeModel>
  /** Pulls images of services; throws `image-missing` for the first that fails. */
  pull(services: readonly string[], say: Say): Promise<void>
  /** Builds services of the user's compose files; `build-failed`. */
  build(services: readonly string[], say: Say): Promise<void>
  image(reference: string): Promise<ImageFacts | undefined>
  /** Tags an image so that it outlives its name; `tag` is a full reference. */
  hold(imageId: string, tag: string): Promise<void>
  /** Removes tags; an image that nothing else names goes with its last tag. Missing ones are no error. */
  release(tags: readonly string[]): Promise<void>
  /** Creates volumes of the base project that do not exist yet, with Compose's labels. Never alters one. */
  ensureVolumes(volumes: readonly NamedVolume[]): Promise<void>
  /** Starts shared services of the user's own project; what runs is not recreated. */
  startShared(services: readonly string[]): Promise<void>
  /** Runs a job of a project to completion and returns its output; `job-failed`. */
  runJob(project: ProjectFile, service: string, say: Say): Promise<string>
  /** Creates networks and containers of a project without starting them; `start-failed`. */
  create(project: ProjectFile): Promise<void>
  /** Brings a project up, detached; removes containers of services it no longer has; `start-failed`. */
  up(project: ProjectFile, services?: readonly string[]): Promise<void>
  /** Stops a project's containers, honouring their grace time; `services` narrows it. */
  stop(project: string, services?: readonly string[]): Promise<void>
  /** Removes a project's containers and networks, never its volumes. Disconnects foreign containers first. */
  remove(project: string): Promise<void>
  /** Containers of the projects, one-off ones included. */
  containers(projects: readonly string[]): Promise<ContainerFacts[]>
  /** Networks of a project, by the key of the compose file. */
  networks(project: string): Promise<{ key: string; name: string }[]>
  /** Joins containers to networks; a join that exists with its aliases is left alone. */
  connect(links: readonly Link[]): Promise<void>
  /** State worth a verdict: exit code, restarts, health, of each running or ended container of a project. */
  inspect(project: string): Promise<ContainerLook[]>
  /** The last lines a container wrote, oldest first. */
  logs(container: string, lines: number): Promise<string[]>
  /** Follows or prints logs to this process's own output; resolves when they end. */
  showLogs(options: {
    project: string
    services: readonly string[]
    follow: boolean
    tail: number
  }): Promise<void>
  /** The container that publishes a TCP port of this machine. */
  publisher(port: number): Promise<{ container: string; project: string | undefined } | undefined>
  /** The working directory of a compose project, as its containers' labels tell, to tell apps of one name apart. */
  workingDirectories(project: string): Promise<string[]>
}

/** The nginx in front of an app. */
export interface Proxy {
  observe(): Promise<ProxyFacts>
  /** nginx is new enough: `proxy-too-old`; pulls its image if it is not there: `image-missing`. */
  check(): Promise<{ version: string }>
  /**
   * A running proxy that publishes these ports. Creates it with `site` as its first configuration, starts a
   * stopped one, leaves a running one alone; `proxy-ports-differ` when a running one publishes other ports
   * (`recreate` allows it: a gap for users), `port-taken`.
   */
  ensure(
    site: (ports: ProxyPorts) => Site,
    options: { listen: readonly number[]; recreate: boolean },
  ): Promise<void>
  /** The ports the proxy has, or would get. */
  ports(listen: readonly number[]): Promise<ProxyPorts>
  /** Networks of colors that the proxy must reach; what is joined stays joined. */
  join(networks: readonly string[]): Promise<void>
  /** Renders the site and has nginx test it, beside what is installed: `template-failed`, `nginx-refused`. */
  test(site: Site): Promise<void>
  /**
   * Users' requests would reach a color of an installed site: nginx looks its names up once a second, so right
   * after the color came up they are not known yet. `standby-unhealthy`.
   */
  awaitUpstreams(site: Site, color: Color): Promise<void>
  /**
   * Makes a site the current one: test, supersede the generation before it when the color changes, so that every
   * connection switches at one instant, move the link, reload. Any failure before the move leaves all as it was.
   */
  install(site: Site): Promise<void>
  /** Makes an earlier generation current again and serve its own color again. */
  reinstate(generation: number): Promise<void>
  /** New connections answer with the generation, `times` in a row, else `reload-without-effect`. */
  confirm(generation: number, options: { times: number; timeoutMs: number }): Promise<void>
  /** The site of the generation that is installed, as it was rendered from. */
  current(): Promise<Site | undefined>
  /** Workers of older generations that still serve. */
  draining(): Promise<number>
  /** Connections of users that those workers hold; undefined: it could not be told. */
  drainingConnections(): Promise<number | undefined>
  /** The rendered configuration of the installed generation, and the one a site would give. */
  show(): Promise<string>
  render(site: Site): Promise<string>
  stop(): Promise<void>
  /** Removes the proxy's container, network and, unless `keepVolume`, its configuration volume. */
  remove(): Promise<void>
  /** Asks a service of a color through the management listener. */
  probe(target: {
    color: Color
    service: string
    port: number
    check: HttpCheck | undefined
  }): Promise<ProbeAnswer>
}

export type ProxyPorts = { management: number; previews: Record<number, number> }

/** What a probe got: an answer of the service, a connection that was refused or broke, or none at all. */
export type ProbeAnswer =
  | { kind: 'answered'; status: number; ok: boolean; why: string | undefined; ms: number }
  | { kind: 'refused'; why: string }
  | { kind: 'unreachable'; why: string }

/** HTTP from outside, as a user would ask. */
export interface Http {
  ask(url: string, check: HttpCheck): Promise<ProbeAnswer>
}

/** A small stream of requests as users would send them: GET only, to this machine only, never one twice. */
export interface Traffic {
  /** Begins at once, and throws nothing: what fails is a sample. Must be stopped. */
  start(target: TrafficTarget, pace: TrafficPace): TrafficStream
}

/** Connections that are kept, connections made anew for each request, and how many requests they share. */
export type TrafficPace = {
  keepAlive: number
  short: number
  perSecond: number
  /** A request without a whole answer after this long has failed. */
  answerWithinMs: number
  /** No request is sent after this long, stopped or not. */
  maxMs: number
}

/** A stream under way. */
export interface TrafficStream {
  /**
   * Sends no more after `afterMs`, waits `graceMs` for answers; what has none then is `open`. The first call counts,
   * later ones get its result. Never throws.
   */
  stop(when: { afterMs: number; graceMs: number }): Promise<TrafficRecord>
}

/** The deployments folder. Every write is atomic; folders 0700, files 0600. */
export interface Store {
  /** The folder exists and can be written, else `deployment-dir-unwritable`. */
  check(): Promise<{ freeBytes: number }>
  /** Corrupt files are set aside, and told; `record-too-new`. */
  read(): Promise<Records>
  writeActive(color: Color | undefined): Promise<void>
  append(entry: HistoryEntry): Promise<void>
  writeSnapshot(snapshot: Snapshot): Promise<void>
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
  step: StepId
  startedAt: string
}

export interface Lock {
  /** Holds the app's lock while `fn` runs; `locked` with the holder; a dead holder's is taken over. */
  hold<T>(command: string, fn: (held: HeldLock) => Promise<T>): Promise<T>
  holder(): Promise<LockHolder | undefined>
}

export interface HeldLock {
  /** Shown to whoever finds the lock taken. Throws `lock-lost` when it is no longer ours. */
  at(step: StepId): Promise<void>
  me: LockHolder
  /** The dead holder whose lock this was; the note `lock-taken-over` tells of it. */
  tookOver: LockHolder | undefined
}

export interface Machine {
  now(): Date
  /** Resolves early, with `interrupted`, when the run is interrupted. */
  sleep(ms: number): Promise<void>
  user(): string
  git(directory: string): Promise<{ commit: string; branch: string; dirty: boolean } | undefined>
  readText(path: string): Promise<string | undefined>
  /** Who listens on a TCP port of this machine, as far as it can be told; undefined: free. */
  portHolder(port: number): Promise<{ holder: string | undefined } | undefined>
  /** Throws `interrupted` once a person or the system asked to stop. */
  throwIfInterrupted(): void
  /**
   * The interruption was heard: what runs from here on, the way back, is stopped by another one only. Until it is
   * called every port goes on throwing `interrupted`.
   */
  heedInterruption(): void
  /** A short hash, for fingerprints and masked values. */
  hash(text: string): string
}

/** Finds the place of a key in what the user wrote; undefined: it stands nowhere. */
export interface Locator {
  inCompose(path: readonly (string | number)[]): Promise<Place | undefined>
  inSettings(path: readonly (string | number)[]): Promise<Place | undefined>
}

/** Everything the application needs from outside. */
export type Ports = {
  platform: Platform
  proxy: Proxy
  http: Http
  traffic: Traffic
  store: Store
  lock: Lock
  machine: Machine
  locator: Locator
}
