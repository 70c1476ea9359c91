import type { Move } from '../../app/ports/platform.ts'
import type { Engine } from '../docker/engine.ts'
import { type AlwaysIn, giveBackAlways } from './always-again.ts'
import { rethrowKnown } from './compose-failure.ts'
import { type PartContainer, roundsOf, settleAll } from './part.ts'
import { roundsToStop, type Stops, tellingWhatStops } from './stop-project.ts'

/**
 * Stops and starts containers that are there. What has to be known is asked beforehand: between the end of a container
 * and the begin of the one that takes its place lies nothing but the engine.
 */
export async function handOver(stops: Stops, { from, to }: Move, alwaysIn: AlwaysIn): Promise<void> {
  const { engine } = stops
  const [ending, starting] = await Promise.all([
    from === undefined ? [] : roundsToStop(engine, from),
    to === undefined ? [] : roundsOf(engine, to),
  ])
  const stopped = starting.flat().filter(({ restart }) => restart === 'unless-stopped')
  // Asked while they start, which users may wait for.
  const always = stopped.length === 0 ? [] : alwaysIn()
  await tellingWhatStops(
    stops,
    ending.flat(),
    async (stop) => await replace(engine, { ending, starting, stop }),
  )
  await giveBackAlways(engine, stopped, await always)
}

type Replacing = {
  ending: readonly PartContainer[][]
  starting: readonly PartContainer[][]
  stop: (container: PartContainer) => Promise<void>
}

/**
 * Each ends after those that depend on it, and starts after those it depends on and those of its own name; one of a name
 * that nothing had waits for all: it may be another under a new name, and the two must not run at once.
 */
async function replace(engine: Engine, { ending, starting, stop }: Replacing): Promise<void> {
  const ends = inOrder(ending, (container, earlier) => earlier.dependsOn.includes(container.service), stop)
  const starts = inOrder(
    starting.toReversed(),
    (container, earlier) => container.dependsOn.includes(earlier.service),
    async ({ id, service }) => {
      const own = ends.filter((end) => end.container.service === service)
      await Promise.all((own.length > 0 ? own : ends).map(({ done }) => done))
      await engine.start(id).catch(rethrowKnown)
    },
  )
  await settleAll([...ends, ...starts].map(({ done }) => done))
}

type Acted = { container: PartContainer; done: Promise<void> }

/** Acts on the containers of all rounds, each as soon as that is done with those of earlier rounds that it needs. */
function inOrder(
  rounds: readonly PartContainer[][],
  needs: (container: PartContainer, earlier: PartContainer) => boolean,
  act: (container: PartContainer) => Promise<void>,
): Acted[] {
  let begun: Acted[] = []
  for (const round of rounds) {
    const earlier = begun
    const now = round.map((container) => {
      const needed = earlier.filter((each) => needs(container, each.container)).map(({ done }) => done)
      return { container, done: Promise.all(needed).then(() => act(container)) }
    })
    begun = [...earlier, ...now]
  }
  return begun
}
