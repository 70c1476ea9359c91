import type { ComposeMount, ComposeVolume } from '../compose-model.ts'
import type { NamedVolume } from '../service.ts'
import { type Parts, serviceOf } from './parts.ts'

/** A named volume that both colors would write while both run. */
export type WrittenByBoth = { volume: string; services: string[] }

/** Named volumes of a color, all of them those of the base project: a second, empty one would look like lost data. */
export function colorVolumes(parts: Parts): Record<string, ComposeVolume> {
  return Object.fromEntries(
    usedVolumes(parts).map((key) => {
      const volume = parts.model.volumes?.[key] ?? {}
      return [key, volume.external === true ? volume : { external: true, name: volumeName(parts, key) }]
    }),
  )
}

/** The volumes among them that must exist before the color starts. */
export function baseVolumes(parts: Parts): NamedVolume[] {
  return usedVolumes(parts)
    .map((key) => ({ key, definition: parts.model.volumes?.[key] ?? {} }))
    .filter(({ definition }) => definition.external !== true)
    .map(({ key, definition }) => ({ key, name: volumeName(parts, key), definition }))
}

/** Volumes that colored services mount to write. Singletons and jobs never run in two colors at once. */
export function writtenByBoth(parts: Parts): WrittenByBoth[] {
  const writers = new Map<string, Set<string>>()
  for (const name of parts.inColor.filter((each) => parts.classOf(each) === 'colored')) {
    for (const { read_only, source } of namedMounts(parts, name)) {
      if (read_only !== true) writers.set(source, (writers.get(source) ?? new Set()).add(name))
    }
  }
  return [...writers.keys()].sort().map((volume) => ({ volume, services: [...(writers.get(volume) ?? [])] }))
}

function usedVolumes(parts: Parts): string[] {
  const sources = parts.inColor.flatMap((name) => namedMounts(parts, name).map((mount) => mount.source))
  return [...new Set(sources)].sort()
}

function namedMounts(parts: Parts, name: string): (ComposeMount & { source: string })[] {
  return (serviceOf(parts, name).volumes ?? []).flatMap((mount) =>
    (mount.type === 'volume' || mount.type === 'cluster') && mount.source !== undefined
      ? { ...mount, source: mount.source }
      : [],
  )
}

function volumeName(parts: Parts, key: string): string {
  return parts.model.volumes?.[key]?.name ?? `${parts.app}_${key}`
}
