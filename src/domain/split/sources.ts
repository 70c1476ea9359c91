import { type Parts, serviceOf } from './parts.ts'

/**
 * Secrets and configs that services of the color use; those of shared services alone have no place in its file.
 * All kinds may stay. `file:` is absolute by now; `environment:` is read when the color starts, from the snapshot's
 * `.env` if it is there, else from the caller's environment, and Compose refuses to start without it.
 */
export function colorSources(parts: Parts): { secrets?: object; configs?: object } {
  return { ...used(parts, 'secrets'), ...used(parts, 'configs') }
}

function used(parts: Parts, kind: 'secrets' | 'configs'): Record<string, object> {
  const defined = parts.model[kind]
  if (typeof defined !== 'object' || defined === null) return {}
  const names = new Set(parts.inColor.flatMap((name) => sourcesOf(serviceOf(parts, name)[kind])))
  const kept = Object.entries(defined).filter(([key]) => names.has(key))
  return kept.length > 0 ? { [kind]: Object.fromEntries(kept) } : {}
}

function sourcesOf(list: unknown): string[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return entry
    const named = typeof entry === 'object' && entry !== null && 'source' in entry
    return named && typeof entry.source === 'string' ? entry.source : []
  })
}
