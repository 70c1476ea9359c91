/**
 * Something a file asks for that cannot be done twice side by side; its line is looked up by the path later. An entry of
 * a list is named by what it says (`writtenPort` of a port): Compose merges lists, and counts otherwise than the file.
 */
export type RefusalAt = { path: (string | number)[]; message: string; hint: string }

/** Refusals without those that name a place already named: two rules may object to one line. */
export function onePerPlace(refusals: readonly RefusalAt[]): RefusalAt[] {
  const seen = new Set<string>()
  return refusals.filter((refusal) => {
    const place = JSON.stringify(refusal.path)
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}
