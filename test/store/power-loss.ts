import { dirname } from 'node:path'
import type { Disk } from '../../src/infra/store/write-atomic.ts'

/** One thing that was asked of a disk, in the order in which it was. */
type Operation =
  | { did: 'make'; path: string }
  | { did: 'write'; path: string; text: string }
  | { did: 'sync'; path: string }
  | { did: 'rename'; path: string; to: string }
  | { did: 'remove'; path: string }

/** A disk that only takes down what it is asked. */
export function recordingDisk(): { disk: Disk; operations: Operation[] } {
  const operations: Operation[] = []
  const note = async (operation: Operation) => void operations.push(operation)
  const disk: Disk = {
    mkdir: (path) => note({ did: 'make', path }),
    open: async (path, flags) => {
      if (flags === 'wx') await note({ did: 'make', path })
      return {
        writeFile: (text) => note({ did: 'write', path, text }),
        sync: () => note({ did: 'sync', path }),
        close: async () => undefined,
      }
    },
    rename: (path, to) => note({ did: 'rename', path, to }),
    rm: (path) => note({ did: 'remove', path }),
  }
  return { disk, operations }
}

/** Path → content of a file; a folder has none. */
export type Files = Record<string, string | undefined>

/**
 * Everything a disk can hold after a power cut behind these operations. What was synced is there: the content of a
 * file by its own sync, names by the sync of their folder. Of the rest any beginning may be there: names in the order
 * in which they changed, the content of a file none of it, half of it, or all.
 */
export function afterPowerCut(before: Files, operations: readonly Operation[]): Files[] {
  const lasting = lastingNames(operations)
  const found: Files[] = []
  for (let names = lasting; names <= operations.length; names += 1)
    for (const share of [0, 0.5, 1]) found.push(apply(before, { operations, names, share }))
  return found
}

/** How many operations are sure to have reached the names of their folder. */
function lastingNames(operations: readonly Operation[]): number {
  const isLasting = ({ did, path }: Operation, index: number) =>
    (did === 'rename' || did === 'remove') &&
    operations.some((each, at) => at > index && each.did === 'sync' && each.path === dirname(path))
  return operations.findLastIndex(isLasting) + 1
}

function apply(
  before: Files,
  cut: { operations: readonly Operation[]; names: number; share: number },
): Files {
  const files: Files = { ...before }
  cut.operations.forEach((operation, index) => {
    const { did, path } = operation
    // What was written counts by its own sync, whether or not the name that it has now reached the disk.
    if (did === 'write' && path in files) {
      const synced = cut.operations.some(
        (each, at) => at > index && each.did === 'sync' && each.path === path,
      )
      const length = synced ? operation.text.length : Math.floor(operation.text.length * cut.share)
      files[path] = operation.text.slice(0, length)
    }
    if (index >= cut.names && did !== 'write' && did !== 'make') return
    if (did === 'make') files[path] = files[path] ?? ''
    if (did === 'rename') move(files, { from: path, to: operation.to })
    if (did === 'remove') for (const each of below(files, path)) delete files[each]
  })
  return files
}

function move(files: Files, { from, to }: { from: string; to: string }): void {
  for (const each of below(files, from)) {
    files[to + each.slice(from.length)] = files[each]
    delete files[each]
  }
}

function below(files: Files, path: string): string[] {
  return Object.keys(files).filter((each) => each === path || each.startsWith(`${path}/`))
}
