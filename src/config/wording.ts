import type { KeyPath } from './yaml-source.ts'

const LONGEST = 60

/** "Expected a folder, found a list." */
export function expectedButFound(expected: string, found: unknown): string {
  return `Expected ${expected}; found ${describeValue(found)}.`
}

/** A path as a person would write it: `services.web.health`, `routes[0].listen`. */
export function showPath(path: KeyPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('')
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value !== 'string') return String(value)
  const shown = JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
  return value === '' ? 'an empty text' : shown
}
