import type { History, HistoryEntry } from '../../domain/release.ts'

/** Entries that are at hand, and those before them, which are made out when somebody asks for more. */
export function lateHistory(last: readonly HistoryEntry[], makeOut: () => readonly HistoryEntry[]): History {
  let older: readonly HistoryEntry[] | undefined
  const earlier = () => {
    older ??= makeOut()
    return older
  }
  const all = () => [...earlier(), ...last]
  const reaches = (index: number) => index < 0 && -index <= last.length
  return {
    at: (index) => (reaches(index) ? last.at(index) : all().at(index)),
    findLast: (isIt) => last.findLast(isIt) ?? earlier().findLast(isIt),
    slice: (start = 0) => (reaches(start) ? last.slice(start) : all().slice(start)),
  }
}

// What a command asks for is told by the last switches, attempts that moved nobody between them; a hundred entries
// are made out in less than a millisecond.
const AT_HAND = 100
// JSON writes no line end into a string: at this depth these lines stand between two entries, and nowhere else.
const END = '\n  }'
const BETWEEN = `${END},\n  {\n`
/** How a list ends that this tool wrote. */
export const LIST_END = `${END}\n]\n`

/** A list of the last entries and one of those before; undefined: few, or a person laid them out otherwise. */
export function cutList(text: string): { older: () => string; last: string } | undefined {
  if (!text.endsWith(LIST_END)) return undefined
  let at = text.length
  for (let entries = 0; entries < AT_HAND; entries += 1) {
    at = text.lastIndexOf(BETWEEN, at - 1)
    if (at === -1) return undefined
  }
  return { older: () => text.slice(0, at) + LIST_END, last: `[${text.slice(at + `${END},`.length)}` }
}
