import type { ContainerFacts, World } from './facts.ts'

/** Service → Compose's hash of its definition. */
export type Definitions = Readonly<Record<string, string>>

/** Shared services whose containers were made from another definition than the one that is wanted, sorted. */
export function differingShared(
  wanted: Definitions,
  { app, containers }: { app: string; containers: readonly ContainerFacts[] },
): string[] {
  const base = containers.filter((each) => each.project === app && !each.oneOff)
  return Object.keys(wanted)
    .filter((service) =>
      base.some(
        (each) =>
          each.service === service && each.definition !== undefined && each.definition !== wanted[service],
      ),
    )
    .sort()
}

/**
 * Compose's hashes of the shared services that run, told from snapshots: where one of them resolved to the very same, its
 * hash was the same. undefined: Compose must be asked. What does not run cannot differ, and needs none.
 */
export function rememberedDefinitions(
  resolved: Definitions,
  { app, containers, records }: Pick<World, 'app' | 'containers' | 'records'>,
): Definitions | undefined {
  const running = Object.keys(resolved).filter((service) =>
    containers.some((each) => each.project === app && each.service === service && !each.oneOff),
  )
  const known = running.map((service) => {
    const same = records.snapshots.findLast((each) => each.resolved?.[service] === resolved[service])
    return [service, same?.definitions?.[service]] as const
  })
  if (known.some(([, definition]) => definition === undefined)) return undefined
  return Object.fromEntries(known) as Definitions
}
