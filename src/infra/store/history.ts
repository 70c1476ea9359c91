import type { HistoryEntry } from '../../domain/release.ts'
import { hasShape, parseJson, readText, refuseNewer, type SetAside, setAside } from './records.ts'

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
    const text = await readText(path)
    if (text === undefined) return []
    if (text === last?.text) return last.entries
    const understood = understand(text)
    if (typeof understood === 'string') {
      aside.push(...(await setAside(path, understood)))
      return []
    }
    last = { text, entries: understood }
    return understood
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
function understand(text: string): HistoryEntry[] | string {
  const parsed = parseJson(text)
  if ('reason' in parsed) return parsed.reason
  if (!Array.isArray(parsed.value)) return 'It is not a list.'
  for (const entry of parsed.value) refuseNewer(entry, 'history.json')
  const fits = parsed.value.every((entry) => hasShape(entry, ENTRY_SHAPE))
  return fits ? (parsed.value as HistoryEntry[]) : 'It holds something that is no entry of the history.'
}

const ENTRY_SHAPE = {
  format: 'number',
  at: 'string',
  command: 'string',
  to: 'string',
  result: 'string',
} as const
