import type { Delivery, DeliveryFiles } from './delivery.ts'
import type { Hook } from './hooks.ts'
import type { Route, ServiceClass } from './service.ts'

/** An HTTP check: what is asked of a service, and what counts as a good answer. */
export type HttpCheck = {
  path: string
  /** Accepted statuses, inclusive ranges; undefined: any answer of the service itself counts. */
  statuses: readonly (readonly [number, number])[] | undefined
  /** A regular expression that the body must match. */
  body: string | undefined
  headers: Readonly<Record<string, string>>
  /** How long one request may take, in ms. */
  requestTimeoutMs: number
}

type HealthSettings = {
  /** How long a color may take to become healthy, in ms. */
  timeoutMs: number
  /** The pause between confirmations after the first good answer, in ms. */
  intervalMs: number
  /** Good answers in a row, the first included. */
  successes: number
  /** The check of routed services; a service's own check wins. */
  check: HttpCheck | undefined
}

/** How a singleton is told to take no more work before it is stopped. */
export type Quiet = {
  /** How long that may take, in ms: a command at most, a signal exactly, unless the container ends by itself. */
  waitMs: number
} & (
  | { by: 'signal'; signal: string }
  | { by: 'command'; command: readonly [program: string, ...args: string[]] }
)

export type ServiceSettings = {
  class: ServiceClass | undefined
  check: HttpCheck | undefined
  /** Singletons only. */
  quiet: Quiet | undefined
}

/** A command of the user's own. */
export type HookSettings = {
  command: readonly [program: string, ...args: string[]]
  /** The service in whose container it runs; undefined: on this machine. */
  service: string | undefined
  timeoutMs: number
  /** Its failure after the switch puts users back. */
  rollsBack: boolean
}

/** What brings the shared database to a release that has no job service for it: run with the release's image. */
export type Migration = { service: string; command: readonly [program: string, ...args: string[]] }

/** Everything that can be set, resolved once: flags, environment, upgrade.yaml, defaults, in this order. */
export type Settings = {
  /** The app's name, which is its compose project's. */
  app: string
  /** The folder of the compose file, absolute. */
  projectDir: string
  /** Compose files, absolute; empty: Compose's own search in projectDir. */
  composeFiles: readonly string[]
  /** Where records are kept, absolute. */
  deploymentDir: string
  rollbackLimit: number
  autoSwitch: boolean
  autoCleanup: boolean
  health: HealthSettings
  services: Readonly<Record<string, ServiceSettings>>
  /** Empty: routes come from the `ports:` of the compose file. */
  routes: readonly Route[]
  smoke: readonly HttpCheck[]
  migrate: Migration | undefined
  hooks: Readonly<Partial<Record<Hook, HookSettings>>>
  /** How long requests in flight and long connections may go on after a switch, in ms. */
  drainTimeoutMs: number
  delivery: Delivery
  deliveryFiles: DeliveryFiles
  /** How long the new color is watched after the switch, in ms; 0: not at all. */
  watchMs: number
  /** A few requests are sent during each switch, and their figures told. */
  probe: boolean
  proxy: {
    image: string
    /** undefined: a free loopback port is picked when the proxy is created, and kept. */
    previewPort: number | undefined
    managementPort: number | undefined
    /** The page that users see during maintenance, absolute; undefined: a built-in one. */
    maintenancePage: string | undefined
  }
  /** A folder whose templates override the built-in ones, absolute. */
  templatesDir: string | undefined
}

/** Where a setting came from; `upgrade config` shows it. */
export type SettingOrigin =
  | { from: 'flag'; name: string }
  | { from: 'environment'; name: string }
  | { from: 'file'; file: string; line: number }
  | { from: 'default' }

/** A place in a file that a person wrote. Lines and columns count from 1. */
export type Place = { file: string; line: number; column: number; text: string }

/** One thing wrong with a file that a person wrote. */
export type Diagnostic = { place: Place | undefined; path: string; message: string; hint: string | undefined }
