import type { HistoryEntry } from '../../domain/release.ts'
import {
  hasShape,
  parseJson,
  readRecord,
  refuseNewer,
  type SetAside,
  setAside,
  type Written,
} from './records.ts'

/** history.json, read as often as it is asked for and understood once: it may hold years. */
export type History = {
  read(aside: SetAside[]): Promise<HistoryEntry[]>
  /** The file's text with one entry more. */
  appended(entry: HistoryEntry): Promise<string>
}

type Understood = { text: string; entries: HistoryEntry[] }

export function createHistory(path: string): History {
  let last: Understood | undefined
  const read: History['read'] = async (aside) => {
    const written = await readRecord(path)
    if (written === undefined) return []
    if ('text' in written && written.text === last?.text) return last.entries
    const understood = understand(written)
    if ('reason' in understood) {
      aside.push(...(await setAside(path, understood.reason)))
      return []
    }
    last = understood
    return understood.entries
  }
  return {
    read,
    appended: async (entry) => {
      const entries = await read([])
      const text = last !== undefined && entries.length > 0 ? withEntry(last.text, entry) : undefined
      const all = [...entries, entry]
      last = { text: text ?? `${JSON.stringify(all, undefined, 2)}\n`, entries: all }
      return last.text
    },
  }
}

/** Written behind the last entry, as it would be with all of them; undefined: a person laid the file out otherwise. */
function withEntry(text: string, entry: HistoryEntry): string | undefined {
  if (!text.endsWith('\n  }\n]\n')) return undefined
  const written = JSON.stringify([entry], undefined, 2)
  return `${text.slice(0, -'\n]\n'.length)},\n${written.slice('[\n'.length)}\n`
}

/** The entries of the file, or why there are none. */
function understand(written: Written): Understood | { reason: string } {
  const parsed = parseJson(written)
  if ('reason' in written) return written
  if ('reason' in parsed) return parsed
  if (!Array.isArray(parsed.value)) return { reason: 'It is not a list.' }
  for (const entry of parsed.value) refuseNewer(entry, 'history.json')
  const fits = parsed.value.every((entry) => hasShape(entry, ENTRY_SHAPE))
  if (!fits) return { reason: 'It holds something that is no entry of the history.' }
  return { text: written.text, entries: parsed.value as HistoryEntry[] }
}

const ENTRY_SHAPE = {
  format: 'number',
  at: 'string',
  command: 'string',
  to: 'string',
  result: 'string',
} as const
