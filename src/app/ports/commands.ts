/** A program and its arguments; no shell ever sees them. */
type CommandLine = readonly [program: string, ...args: string[]]

type CommandOptions = {
  /** Added to the environment that the program has anyway. */
  env: Readonly<Record<string, string>>
  timeoutMs: number
  onLine: (line: string) => void
}

/** Commands that a person configured. Each returns its exit code; `timed-out`, `interrupted`. */
export interface Commands {
  /** On this machine, in a folder; `command-failed` when it cannot be started. */
  onHost(command: CommandLine, options: CommandOptions & { directory: string }): Promise<number>
  /** In a container that runs. When its time is over it is ended in there, where the image has a shell to do it. */
  inContainer(container: string, command: CommandLine, options: CommandOptions): Promise<number>
}
