/** A moment as history and status show it: ISO 8601 in UTC, whole seconds, as in 2026-01-29T10:15:30Z. */
export function momentWords(iso: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? iso : at.toISOString().replace(/\.\d+Z$/, 'Z')
}
