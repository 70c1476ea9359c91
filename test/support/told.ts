import { nowMs } from '../bench/loads.ts'
import { must } from './run.ts'

/**
 * When nginx was last told to lead elsewhere, on the clock of `nowMs`: a mark comes into the folder of the generation that
 * serves, or goes, and nothing else does. The kernel dates folders by its ticks: up to 4 ms early.
 */
export async function toldMs(app: string): Promise<number> {
  const date = ['stat', '-c', '%y', `/etc/verdigris/sites/${app}/current/`]
  const said = await must('docker', ['exec', '-e', 'TZ=UTC', `${app}-proxy-nginx-1`, ...date])
  const [day, time, fraction] = said.trim().split(/[ .]/)
  return Date.parse(`${day}T${time}Z`) + Number(`0.${fraction}`) * 1_000 + clocksApartMs()
}

/** `Date.now` counts whole milliseconds: it is right when one begins. */
function clocksApartMs(): number {
  const before = Date.now()
  let now = before
  while (now === before) now = Date.now()
  return nowMs() - now
}
