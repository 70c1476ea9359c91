import type { AddressSpace } from '../../domain/address-pools.ts'
import type { Attachment } from '../../domain/adoption.ts'
import type { ComposeModel, ComposeNetwork } from '../../domain/compose-model.ts'
import type { ContainerFacts, ImageFacts } from '../../domain/facts.ts'
import type { ContainerLook } from '../../domain/health.ts'
import type { ListedImage } from '../../domain/held-images.ts'
import type { Job } from '../../domain/jobs.ts'
import type { NamedVolume } from '../../domain/service.ts'
import type { Definitions } from '../../domain/shared-services.ts'

/** A line of progress from something that takes long. */
export type Say = (text: string) => void

/** Whoever takes lines as they come; the next waits for what it returns. */
export type TakeLine = (line: string) => void | Promise<void>

/** Which logs are asked for; no services: those of all. */
type LogsAsked = { project: string; services: readonly string[]; follow: boolean; tail: number }

/** A compose project that was written to a file: `docker compose -p project -f file`. */
export type ProjectFile = { project: string; file: string }

/** Services of a project. */
type Services = { project: string; services: readonly string[] }

/** Services that end in one project, and those that start in another; undefined: there are none. */
export type Move = { from: Services | undefined; to: Services | undefined }

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
  /** Compose's own hash of the definition of each service of the user's compose files. */
  definitions(): Promise<Definitions>
  /** Pulls images of services; throws `image-missing` for the first that fails. */
  pull(services: readonly string[], say: Say): Promise<void>
  /** Builds services of the user's compose files; `build-failed`. */
  build(services: readonly string[], say: Say): Promise<void>
  /** Pulls one image by the digest that names it, for a service; `image-missing`. */
  pullDigest(reference: string, service: string): Promise<void>
  image(reference: string): Promise<ImageFacts | undefined>
  /** All images, those without a name, too. */
  images(): Promise<ListedImage[]>
  /** Tags an image so that it outlives its name; `tag` is a full reference. */
  hold(imageId: string, tag: string): Promise<void>
  /** Removes tags; an image that nothing else names goes with its last tag. Missing ones are no error. */
  release(tags: readonly string[]): Promise<void>
  /** Creates volumes of the base project that do not exist yet, with Compose's labels. Never alters one. */
  ensureVolumes(volumes: readonly NamedVolume[]): Promise<void>
  /**
   * Creates networks of a project that do not exist yet and that Compose would give default addresses, with small
   * subnets where they can be chosen; the others are left to Compose, which takes those that are there for its own.
   */
  ensureNetworks(project: string, networks: Record<string, ComposeNetwork | null>): Promise<void>
  /** Starts shared services of the user's own project; what runs is not recreated. */
  startShared(services: readonly string[]): Promise<void>
  /** Makes shared services anew as they are defined now: they do not run meanwhile. Their volumes stay. */
  recreateShared(services: readonly string[]): Promise<void>
  /** Runs a job of a project to completion and returns the end of its output, 1 MiB at most; `job-failed`. */
  runJob(project: ProjectFile, job: Job, say: Say): Promise<string>
  /** Creates networks and containers of a project, singletons' too, without starting any; `start-failed`. */
  create(project: ProjectFile): Promise<void>
  /** Creates the containers of some services of a project, and nothing else, without starting any; `start-failed`. */
  make(project: ProjectFile, services: readonly string[]): Promise<void>
  /** Brings a project up, detached; removes containers of services it no longer has; `start-failed`. */
  up(project: ProjectFile): Promise<void>
  /** Starts containers that are there, as they are; each after those it depends on. */
  start(project: string, services: readonly string[]): Promise<void>
  /**
   * As `stop` and `start`, each started as soon as the one of its name has ended, whatever others still take; one of a
   * name that nothing had starts when all have ended.
   */
  handOver(move: Move): Promise<void>
  /**
   * What runs of the user's own project and of these starts with the engine again, where its compose file has it: a stop
   * takes that from containers first, a start gives it back last, and a run may have died in between. Returns their names.
   */
  startWithEngine(colors: readonly ProjectFile[]): Promise<string[]>
  /** Sends a signal to a container that runs. */
  signal(container: string, name: string): Promise<void>
  /** Stops a project's containers, honouring their grace time; `services` narrows it. */
  stop(project: string, services?: readonly string[]): Promise<void>
  /** Removes a project's containers and networks, never its volumes. Disconnects foreign containers first. */
  remove(project: string): Promise<void>
  /** Containers of the projects, one-off ones included. */
  containers(projects: readonly string[]): Promise<ContainerFacts[]>
  /** Networks of a project, by the key of the compose file. */
  networks(project: string): Promise<{ key: string; name: string }[]>
  /** What new networks get their subnets from. */
  addressSpace(): Promise<AddressSpace>
  /** Joins containers to networks; a join that exists with its aliases is left alone. Returns those it made. */
  connect(links: readonly Link[]): Promise<Link[]>
  /** State worth a verdict: exit code, restarts, health, of each running or ended container of a project. */
  inspect(project: string): Promise<ContainerLook[]>
  /** The last lines a container wrote, oldest first. */
  logs(container: string, lines: number): Promise<string[]>
  /** Tells the lines of logs as they come; resolves when they end, or when the run is interrupted. */
  readLogs(options: LogsAsked, take: TakeLine): Promise<void>
  /** Where those of the containers are attached that publish ports. */
  attachments(containers: readonly string[]): Promise<Attachment[]>
  /** Takes containers off their networks, which frees their ports at once; they go on running. */
  detach(attachments: readonly Attachment[]): Promise<void>
  /**
   * Attaches containers again as they were; those that run publish their ports again, restarted if need be, else
   * `port-taken`. What is attached stays so; containers that are gone are no error.
   */
  attach(attachments: readonly Attachment[]): Promise<void>
  /** Creates services of the user's own files anew, without starting any; `start-failed`. */
  createOwn(services: readonly string[]): Promise<void>
  /** The container that publishes a TCP port of this machine. */
  publisher(port: number): Promise<{ container: string; project: string | undefined } | undefined>
}
