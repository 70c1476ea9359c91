import type { Context } from './command.ts'

/** Waits until no old worker of nginx is left, or the drain time is over; tells how many were left. */
export async function waitDrained(
  { ports, settings }: Pick<Context, 'ports' | 'settings'>,
  say: (text: string) => void,
): Promise<number> {
  const { machine, proxy } = ports
  const deadlineMs = machine.now().getTime() + settings.drainTimeoutMs
  for (;;) {
    const left = await proxy.draining()
    if (left === 0 || machine.now().getTime() >= deadlineMs) return left
    say(`${left} old nginx ${left === 1 ? 'worker' : 'workers'} draining`)
    await machine.sleep(250)
  }
}
