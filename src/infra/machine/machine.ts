import { userInfo } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Machine } from '../../app/ports/machine.ts'
import { sha256 } from '../digest.ts'
import { realpath } from '../files.ts'
import { type Interruption, interruptedBy } from '../process/interruption.ts'
import { readWritten } from '../read-plain.ts'
import { readGit } from './git.ts'
import { findPortHolder } from './port-holder.ts'

/** The machine this runs on: clock, user, files, ports, and whether it was asked to stop. */
export function createMachine(interruption: Interruption): Machine {
  // A clock that somebody sets, back or forth, must neither prolong a wait nor end it, nor give a negative duration.
  const startedAtMs = Date.now() - performance.now()
  return {
    now: () => new Date(startedAtMs + performance.now()),
    sleep: async (ms) => {
      const { signal } = interruption
      await wait(ms, undefined, { signal }).catch((error: unknown) => {
        throw signal.aborted ? interruptedBy(signal) : error
      })
    },
    user: currentUser,
    git: (directory) => readGit(directory, interruption.signal),
    readText: readWritten,
    realPath: (path) => realpath(path).catch(() => undefined),
    portHolder: findPortHolder,
    throwIfInterrupted: () => {
      const { signal } = interruption
      if (signal.aborted) throw interruptedBy(signal)
    },
    heedInterruption: interruption.heed,
    hash: (text) => sha256(text).slice(0, 12),
  }
}

/** Behind sudo everybody is root; the records shall name the person. */
function currentUser(): string {
  try {
    return process.env.SUDO_USER || userInfo().username
  } catch {
    // A container may run as a number that no account has.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
