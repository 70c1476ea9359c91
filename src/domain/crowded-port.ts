import type { ComposeModel } from './compose-model.ts'

/** A service of which several containers would publish one port, as plain Compose starts it; undefined: none. */
export function crowdedPort({
  services,
}: ComposeModel): { service: string; replicas: number; port: number } | undefined {
  for (const [service, { deploy, ports = [], scale }] of Object.entries(services)) {
    const replicas = deploy?.replicas ?? scale ?? 1
    // Of a range each container gets a port of its own.
    const fixed = ports.find(({ published }) => /^[1-9]\d*$/.test(published ?? ''))
    if (replicas > 1 && fixed !== undefined) return { service, replicas, port: Number(fixed.published) }
  }
  return undefined
}
