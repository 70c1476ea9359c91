import type { ContainerFacts } from './facts.ts'

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
