import type { ContainerFacts } from './facts.ts'

/** containers.txt of a snapshot: what ran when it was taken, for a person to read. */
export function containersText(containers: readonly ContainerFacts[]): string {
  const rows = containers.map((each) => [each.name, each.image, each.status])
  const widths = [0, 1].map((column) => Math.max(4, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(['NAME', 'IMAGE', 'STATUS']), ...rows.map(line)].map((each) => `${each}\n`).join('')
}
