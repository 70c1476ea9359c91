import type { Engine } from '../docker/engine.ts'
import { type Part, roundsOf, settleAll } from './part.ts'

/**
 * Stops through the API, not `docker compose stop`: that would go by whatever compose file lies where it is
 * called. Containers keep the grace time that their compose file gave them, and stay stopped: else a reboot would
 * start the standby color, and the singletons of both.
 */
export async function stopProject(engine: Engine, part: Part): Promise<void> {
  const rounds = await roundsOf(engine, part)
  const always = rounds.flat().filter(({ restart }) => restart === 'always')
  await Promise.all(always.map(({ id }) => engine.setRestart(id, 'unless-stopped')))
  for (const round of rounds) await settleAll(round.map(({ id }) => engine.stop(id)))
}
