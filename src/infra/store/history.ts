import { stat } from 'node:fs/promises'
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

/** history.json, read when it changed and understood once: it may hold years. */
export type History = {
  read(aside: SetAside[]): Promise<HistoryEntry[]>
  /** Has the file's text written with one entry more. */
  append(entry: HistoryEntry, write: (text: string) => Promise<void>): Promise<void>
}

type Understood = { text: string; entries: HistoryEntry[] }

export function createHistory(path: string): History {
  let last: (Understood & { stamp: string | undefined }) | undefined
  const read: History['read'] = async (aside) => {
    const stamp = await stampOf(path)
    if (stamp !== undefined && stamp === last?.stamp) return last.entries
    const written = await readRecord(path)
    if (written === undefined) return []
    if (last !== undefined && 'text' in written && written.text === last.text) {
      last.stamp = stamp
      return last.entries
    }
    const understood = understand(written)
    if ('reason' in understood) {
      aside.push(...(await setAside(path, understood.reason)))
      return []
    }
    last = { ...understood, stamp }
    return understood.entries
  }
  return {
    read,
    append: async (entry, write) => {
      const before = await read([])
      const entries = [...before, entry]
      const behind = last !== undefined && before.length > 0 ? withEntry(last.text, entry) : undefined
      const text = behind ?? `${JSON.stringify(entries, undefined, 2)}\n`
      await write(text)
      last = { text, entries, stamp: await stampOf(path) }
    },
  }
}

/** Equal as long as nobody wrote the file or put another in its place; undefined: there is none to be seen. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ')
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
