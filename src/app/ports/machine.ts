import type { Place } from '../../domain/settings.ts'

export interface Machine {
  now(): Date
  /** Resolves early, with `interrupted`, when the run is interrupted. */
  sleep(ms: number): Promise<void>
  user(): string
  git(directory: string): Promise<{ commit: string; branch: string; dirty: boolean } | undefined>
  readText(path: string): Promise<string | undefined>
  /** A path without links; undefined: there is none on this machine. */
  realPath(path: string): Promise<string | undefined>
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
  /** Where that is wrong in the compose files of which Compose wrote these words. */
  ofFault(words: string): Promise<Place | undefined>
}
