import type { Engine } from '../docker/engine.ts'
import { type AlwaysIn, giveBackAlways } from './always-again.ts'
import { rethrowKnown } from './compose-failure.ts'
import { type Part, roundsOf, settleAll } from './part.ts'

/** Starts containers that are there, each after those it depends on. */
export async function startContainers(engine: Engine, part: Part, alwaysIn: AlwaysIn): Promise<void> {
  const rounds = (await roundsOf(engine, part)).reverse()
  const stopped = rounds.flat().filter(({ restart }) => restart === 'unless-stopped')
  // Asked while they start, which users may wait for.
  const always = stopped.length === 0 ? [] : alwaysIn()
  for (const round of rounds) await settleAll(round.map(({ id }) => engine.start(id).catch(rethrowKnown)))
  await giveBackAlways(engine, stopped, await always)
}
