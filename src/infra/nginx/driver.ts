/** The proxy's container, running or not, as its labels and the engine describe it. */
export type ProxyContainer = {
  id: string
  name: string
  /** Its processes are there, be it that they are paused. */
  running: boolean
  paused: boolean
  networks: readonly string[]
  labels: Readonly<Record<string, string>>
}

/**
 * A file or a symbolic link to put, its path relative to the directory it is put into. `rendered`: it is made of
 * templates and settings, nothing secret is in it.
 */
export type ProxyFile =
  | { path: string; content: string; mode?: number; rendered?: true }
  | { path: string; link: string }

type ExecOptions = { timeoutMs: number }

export type ExecResult = { exitCode: number; output: string }

/** What the proxy needs of the engine and of Compose. Calls throw `Expected` when the engine fails them. */
export interface ProxyDriver {
  /** The container of a proxy's compose project. */
  find(project: string): Promise<ProxyContainer | undefined>
  /** Whether a container of a service runs, or may yet: one that was just made, or that the engine starts again. */
  mayRun(project: string, service: string): Promise<boolean>
  /** Where the running containers of a project are, IPv4, one for each network that they are on. */
  addresses(project: string): Promise<string[]>
  /** `docker compose -p project -f file …words`; throws `start-failed` with what it wrote. */
  compose(project: { project: string; file: string }, words: readonly string[]): Promise<void>
  /** Makes the network of a proxy's project, unless it is there or is better left to Compose. */
  ensureNetwork(project: string, name: string): Promise<void>
  /** The image is there, pulled if need be, else `image-missing`. */
  ensureImage(image: string): Promise<void>
  /** Runs a program in a running container; output is both streams. */
  exec(container: ProxyContainer, argv: readonly string[], options: ExecOptions): Promise<ExecResult>
  /** Runs a program in a container of its own, with files put before, and removes it. */
  tryOut(options: {
    image: string
    argv: readonly [string, ...string[]]
    directory: string
    files: readonly ProxyFile[]
  }): Promise<ExecResult>
  /** Puts files, missing folders with them, into a container that may be stopped. Root owns them. */
  putFiles(container: string, directory: string, files: readonly ProxyFile[]): Promise<void>
  /** A file of a container that may be stopped; undefined: it is not there. */
  readFile(container: string, path: string): Promise<string | undefined>
  /** The command lines that run in a container. */
  processes(container: string): Promise<string[]>
  /** What a container wrote to stderr, oldest first. */
  errorLines(container: string, options: { since: Date | undefined; lines: number }): Promise<string[]>
  /** Joins the container to networks; those it is on already are left alone. */
  connect(container: string, networks: readonly string[]): Promise<void>
  /** Takes the container off a network; one it is not on is no error. */
  leave(container: string, network: string): Promise<void>
  /** A network that leads nowhere outside, so that nothing on it is published; one that is there is kept. */
  makeInternal(name: string, of: { app: string }): Promise<void>
  /** One that is not there is no error. */
  removeNetwork(name: string): Promise<void>
  /** Ends the container at once; it stays ended. */
  kill(container: string): Promise<void>
  /** Sends a signal to its first process. */
  signal(container: string, name: string): Promise<void>
}
