import { failureOf } from '../domain/failure.ts'
import type { Context } from './command.ts'
import type { HeldLock } from './ports/records.ts'

const LOOK_AGAIN_MS = 200

/** Holds the app's lock while `fn` runs; where another has it, for as long as was asked it is waited for. */
export async function holdLock<T>(
  { emit, ports, waitMs = 0 }: Pick<Context, 'emit' | 'ports' | 'waitMs'>,
  command: string,
  fn: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const { machine } = ports
  const deadlineMs = machine.now().getTime() + waitMs
  let began = false
  let told: number | undefined
  for (;;) {
    try {
      return await ports.lock.hold(command, (held) => {
        began = true
        return fn(held)
      })
    } catch (error) {
      const failure = failureOf(error)
      if (began || failure?.code !== 'locked' || machine.now().getTime() >= deadlineMs) throw error
      const { holder } = failure
      if (holder !== undefined && holder.pid !== told) {
        told = holder.pid
        emit({ type: 'note', note: { note: 'waiting-for-lock', holder, seconds: waitMs / 1_000 } })
      }
    }
    await machine.sleep(LOOK_AGAIN_MS)
  }
}
