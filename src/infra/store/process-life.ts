import { readFile } from '../files.ts'

/** A process, told apart from a later one with the same number by when it started. */
export type ProcessMark = {
  pid: number
  host: string
  /** Clock ticks after boot, and the boot they count from; undefined: this system does not tell. */
  started: string | undefined
}

/** When a process started; undefined where /proc does not tell. */
export async function startOf(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ])
    // The name, second field, may itself hold spaces and parentheses: count from its end. proc(5), field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended: nobody waited for it yet.
    return fields[0] === 'Z' ? undefined : `${boot.trim()}:${fields[19]}`
  } catch {
    return undefined
  }
}

/** Whether a process of this host still runs. */
export async function isAlive({ pid, started }: ProcessMark): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return started === undefined || (await startOf(pid)) === started
}
