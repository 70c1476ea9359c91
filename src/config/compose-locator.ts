import type { Place } from '../domain/settings.ts'
import type { TextFile } from './compose-files.ts'

/**
 * Finds where a key path stands in the raw compose files, such as `['services', 'web', 'ports', 0]`: in the file
 * that has most of it, the last one of these, because it overrides. What is not written out (an `extends`, a
 * default) gives its nearest parent; undefined: not even the first key is there.
 */
export async function locateInCompose(input: {
  files: readonly TextFile[]
  path: readonly (string | number)[]
}): Promise<Place | undefined> {
  const { readYaml } = await import('./yaml-source.ts')
  const sources = input.files.map(readYaml)
  const depths = sources.map((source) => source.depth(input.path))
  const deepest = Math.max(0, ...depths)
  return deepest === 0 ? undefined : sources[depths.lastIndexOf(deepest)]?.place(input.path, 'key')
}
