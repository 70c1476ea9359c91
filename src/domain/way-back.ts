import { isBeforeTheLine, type StepId } from './steps.ts'

/** One thing done to undo what was attempted. */
export type WayBackAction =
  /** Free the ports and let the app that plain Compose runs have them again. */
  | 'give-ports-back'
  /** Make the proxy wait again: preview and management only. */
  | 'close-proxy'
  /** Make the generation before the switch serve again. */
  | 'reinstate-generation'
  /** Stop the singletons of the new color and start those of the old one. */
  | 'return-singletons'
  /** Remove the containers and networks of the standby color. */
  | 'remove-standby'
  /** Have nginx know again what it knew before this run told it of its release. */
  | 'forget-release'
  /** Bring back the release that stood warm in the standby color before this run. */
  | 'restore-displaced'
  /** Remove the snapshot and let go of its images. */
  | 'drop-snapshot'
  /** Remove the proxy that this run made: nothing was there before. */
  | 'remove-proxy'

/** What the way back depends on besides the steps. */
export type WayBackFacts = {
  madeProxy: boolean
  displaced: boolean
  /** nginx was, or may have been, told of the release. */
  told?: boolean
  /** The proxy took, or was about to take, the ports from elsewhere. */
  takesPorts?: boolean
}

/**
 * How to undo a plan whose `attempted` steps began, the last of which failed. Before the line all of it goes, in
 * the order in which Docker lets go of it. After the line users come first, and the new color stays: it still
 * answers requests in flight, and a person will want to look at it. Once draining began the switch is done and
 * stays: there is no way back, what failed is a leftover.
 */
export function planWayBack(
  attempted: readonly StepId[],
  facts: WayBackFacts = { madeProxy: false, displaced: false },
): WayBackAction[] {
  const reached = new Set(attempted)
  if (reached.has('drain') || reached.has('cleanup')) return []
  if (!attempted.every(isBeforeTheLine)) {
    const singletons: WayBackAction[] = reached.has('singletons') ? ['return-singletons'] : []
    if (facts.takesPorts) return ['give-ports-back', ...singletons, 'close-proxy']
    return ['reinstate-generation', ...singletons]
  }
  const actions: WayBackAction[] = []
  // Jobs run in the color's project, whose networks are there from the first of them on.
  const ran = reached.has('jobs') || reached.has('start')
  if (ran) actions.push('remove-standby')
  if (facts.told) actions.push('forget-release')
  if (ran && facts.displaced) actions.push('restore-displaced')
  if (facts.madeProxy && reached.has('start')) actions.push('remove-proxy')
  if (reached.has('snapshot')) actions.push('drop-snapshot')
  return actions
}
