import { type Stopping, stillStopping } from '../../domain/stopping.ts'
import type { Engine } from '../docker/engine.ts'
import { type Part, type PartContainer, roundsOf, settleAll } from './part.ts'

/** How stops go, and who is told what they still wait for when they are interrupted. */
export type Stops = {
  engine: Engine
  signal: () => AbortSignal
  tellStopping: (stopping: Stopping) => void
}

/**
 * Stops through the API, not `docker compose stop`: that would go by whatever compose file lies where it is
 * called. Containers keep the grace time that their compose file gave them.
 */
export async function stopProject(stops: Stops, part: Part): Promise<void> {
  for (const round of await roundsToStop(stops.engine, part))
    await tellingWhatStops(stops, round, async (stop) => await settleAll(round.map(stop)))
}

/** They will stay stopped: else a reboot would start the standby color, and the singletons of both. */
export async function roundsToStop(engine: Engine, part: Part): Promise<PartContainer[][]> {
  const rounds = await roundsOf(engine, part)
  const always = rounds.flat().filter(({ restart }) => restart === 'always')
  await Promise.all(always.map(({ id }) => engine.setRestart(id, 'unless-stopped')))
  return rounds
}

/** A container that was asked to stop is waited for, whoever interrupts: they are told for whom, and how long at most. */
export async function tellingWhatStops(
  { engine, signal, tellStopping }: Stops,
  containers: readonly PartContainer[],
  act: (stop: (container: PartContainer) => Promise<void>) => Promise<void>,
): Promise<void> {
  const left = new Set(containers.filter(({ running }) => running))
  const beganMs = performance.now()
  const interrupted = signal()
  const tell = () => {
    if (left.size > 0) tellStopping(stillStopping([...left], performance.now() - beganMs))
  }
  interrupted.addEventListener('abort', tell, { once: true })
  try {
    await act(async (container) => {
      await engine.stop(container.id)
      left.delete(container)
    })
  } finally {
    interrupted.removeEventListener('abort', tell)
  }
}
