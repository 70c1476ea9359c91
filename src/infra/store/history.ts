import type { SetAside } from '../../domain/facts.ts'
import type { History, HistoryEntry } from '../../domain/release.ts'
import { stat } from '../files.ts'
import { cutList, LIST_END, lateHistory } from './late-history.ts'
import { hasShape, parseJson, readRecord, refuseNewer, setAside, type Written } from './records.ts'

/** history.json, read when it changed and understood once: it may hold years. */
export type HistoryFile = {
  read(aside: SetAside[], depth?: 'whole'): Promise<History>
  /** Has the file's text written with one entry more. */
  append(entry: HistoryEntry, write: (text: string) => Promise<void>): Promise<void>
}

type Reason = { reason: string }
/** `whole`: damage anywhere in it would have been seen. */
type Understood = { text: string; isWhole: boolean; history: History }

export function createHistoryFile(path: string): HistoryFile {
  let last: (Understood & { stamp: string | undefined }) | undefined
  const read: HistoryFile['read'] = async (aside, depth) => {
    const isEnough = last?.isWhole === true || depth === undefined
    const stamp = await stampOf(path)
    if (last !== undefined && isEnough && stamp !== undefined && stamp === last.stamp) return last.history
    const written = await readRecord(path)
    if (written === undefined) return []
    if (last !== undefined && isEnough && 'text' in written && written.text === last.text) {
      last.stamp = stamp
      return last.history
    }
    const understood = understand(written, depth)
    if ('reason' in understood) {
      aside.push(...(await setAside(path, understood.reason)))
      return []
    }
    last = { ...understood, stamp }
    return understood.history
  }
  return {
    read,
    append: async (entry, write) => {
      const before = await read([])
      const isEmpty = before.at(-1) === undefined
      const behind = last !== undefined && !isEmpty ? withEntry(last.text, entry) : undefined
      const text = behind ?? `${JSON.stringify([...before.slice(), entry], undefined, 2)}\n`
      await write(text)
      const understood = understand({ text }, undefined)
      last = 'reason' in understood ? undefined : { ...understood, stamp: await stampOf(path) }
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
  if (!text.endsWith(LIST_END)) return undefined
  const written = JSON.stringify([entry], undefined, 2)
  return `${text.slice(0, -'\n]\n'.length)},\n${written.slice('[\n'.length)}\n`
}

/** What the file says, or why it says nothing. */
function understand(written: Written, depth: 'whole' | undefined): Understood | Reason {
  if ('reason' in written) return written
  const { text } = written
  const parts = depth === 'whole' ? undefined : cutList(text)
  const last = parts && entriesOf(parts.last)
  if (parts === undefined || last === undefined || 'reason' in last) {
    const whole = entriesOf(text)
    return 'reason' in whole ? whole : { text, isWhole: true, history: whole }
  }
  // Damage in there takes nothing from what is at hand; who looks at the whole tells of it.
  const older = () => {
    const found = entriesOf(parts.older())
    return 'reason' in found ? [] : found
  }
  return { text, isWhole: false, history: lateHistory(last, older) }
}

/** The entries of a list, or why there are none. */
function entriesOf(text: string): HistoryEntry[] | Reason {
  const parsed = parseJson({ text })
  if ('reason' in parsed) return parsed
  if (!Array.isArray(parsed.value)) return { reason: 'It is not a list.' }
  for (const entry of parsed.value) refuseNewer(entry, 'history.json')
  const fits = parsed.value.every((entry) => hasShape(entry, ENTRY_SHAPE))
  if (!fits) return { reason: 'It holds something that is no entry of the history.' }
  return parsed.value as HistoryEntry[]
}

const ENTRY_SHAPE = {
  format: 'number',
  at: 'string',
  command: 'string',
  to: 'string',
  result: 'string',
} as const
