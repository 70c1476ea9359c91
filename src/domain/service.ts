import type { ComposeVolume } from './compose-model.ts'

/** How a service of the compose file takes part in an upgrade (design: shared, colored, singleton, job). */
export type ServiceClass = 'shared' | 'colored' | 'singleton' | 'job'

export const SERVICE_CLASSES: readonly ServiceClass[] = ['shared', 'colored', 'singleton', 'job']

/** Why a service got its class; the plan shows it. */
export type ClassReason =
  | { because: 'configured' }
  | { because: 'label' }
  | { because: 'known-image'; image: string }
  | { because: 'data-volume'; volume: string; target: string }
  | { because: 'completes-for'; dependents: string[] }
  | { because: 'default' }

export type ClassifiedService = { name: string; class: ServiceClass; reason: ClassReason }

/** What a service speaks behind the proxy; gRPC is HTTP/2 without TLS there. */
export const PROTOCOLS = ['http', 'grpc'] as const

/** A way in: listen port, host name and path prefix lead to a service's container port. */
export type Route = {
  listen: number
  host: string | undefined
  path: string
  service: string
  port: number
  /** Absent: HTTP/1.1, as in every record from before there was a choice. */
  protocol?: 'grpc'
}

/** A shared service and the networks of a color on which its services expect to find it, by compose key. */
export type SharedLink = { service: string; networks: string[]; aliases: string[] }

/** A named volume of the app: its key and definition in the compose file, and the name the engine knows it by. */
export type NamedVolume = { key: string; name: string; definition: ComposeVolume }
