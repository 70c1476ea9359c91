import type { Color } from '../domain/color.ts'
import type { Context } from './command.ts'
import { untilNone } from './until-none.ts'

/** Waits until no request of users is on a color, or the drain time is over; tells how many connections were left. */
export async function waitDrained(
  { ports, settings }: Pick<Context, 'ports' | 'settings'>,
  color: Color,
  say: (text: string) => void,
): Promise<number> {
  return await untilNone(ports.machine, {
    timeoutMs: settings.drainTimeoutMs,
    look: () => ports.proxy.draining(color),
    say: (left) => say(`${left} ${left === 1 ? 'connection' : 'connections'} to ${color} left`),
  })
}
