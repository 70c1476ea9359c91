/**
 * What `docker compose config --format json` prints, as far as this tool reads it; everything else passes
 * through untouched. Source: the compose specification, https://github.com/compose-spec/compose-spec.
 */
export type ComposeModel = {
  name?: string
  services: Record<string, ComposeService>
  networks?: Record<string, ComposeNetwork | null>
  volumes?: Record<string, ComposeVolume | null>
  [other: string]: unknown
}

export type ComposeService = {
  image?: string
  build?: unknown
  pull_policy?: string
  container_name?: string
  ports?: ComposePort[]
  expose?: (string | number)[]
  networks?: Record<string, ComposeAttachment | null>
  network_mode?: string
  volumes?: ComposeMount[]
  depends_on?: Record<string, ComposeDependency>
  environment?: Record<string, string | null>
  healthcheck?: { disable?: boolean; test?: string[] | string; [other: string]: unknown }
  labels?: Record<string, string>
  profiles?: string[]
  restart?: string
  deploy?: { replicas?: number; [other: string]: unknown }
  scale?: number
  stop_grace_period?: string
  [other: string]: unknown
}

export type ComposePort = {
  mode?: string
  target: number
  published?: string
  host_ip?: string
  protocol?: string
  [other: string]: unknown
}

export type ComposeAttachment = {
  aliases?: string[]
  ipv4_address?: string
  ipv6_address?: string
  mac_address?: string
  [other: string]: unknown
}

export type ComposeMount = {
  type: string
  source?: string
  target: string
  read_only?: boolean
  [other: string]: unknown
}

export type ComposeDependency = { condition: string; required?: boolean; restart?: boolean }

export type ComposeNetwork = {
  name?: string
  external?: boolean
  internal?: boolean
  [other: string]: unknown
}

export type ComposeVolume = {
  name?: string
  external?: boolean
  driver?: string
  driver_opts?: Record<string, string>
  [other: string]: unknown
}
