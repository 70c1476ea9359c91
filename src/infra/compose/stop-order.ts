/** A container and the services that its service depends on. */
export type Dependent = { id: string; service: string; dependsOn: readonly string[] }

/** Containers in the order they stop: rounds, each of which holds what nothing that still runs depends on. */
export function stopOrder<T extends Dependent>(containers: readonly T[]): T[][] {
  const rounds: T[][] = []
  let left = [...containers]
  while (left.length > 0) {
    const needed = new Set(left.flatMap(({ dependsOn }) => dependsOn))
    const free = left.filter(({ service }) => !needed.has(service))
    // A circle cannot come from Compose; labels can be anything.
    const round = free.length > 0 ? free : left
    rounds.push(round)
    left = left.filter((container) => !round.includes(container))
  }
  return rounds
}

/** The services named by Compose's label, "db:service_healthy:false,cache:service_started:false". */
export function parseDependsOn(label: string | undefined): string[] {
  return (label ?? '')
    .split(',')
    .map((part) => part.split(':')[0] ?? '')
    .filter((name) => name !== '')
}
