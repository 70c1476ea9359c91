import type { Color } from './color.ts'
import { observedActive } from './drift.ts'
import type { World } from './facts.ts'
import { isBeforeTheLine, type StepId } from './steps.ts'

/**
 * What becomes of a run that died. Users on its color: it is finished. Before the line, or with users elsewhere,
 * nothing of it stays. From the line on only nginx knows where users are: while it cannot be asked, either could
 * take the color from them, so neither is done.
 */
export function judgeDeadRun(
  { step, takesPorts, target }: { step: StepId; target: Color; takesPorts?: boolean },
  world: World,
): 'finish' | 'take-back' | 'undecided' {
  if (observedActive(world) === target) return 'finish'
  // The ports it was to take go back to whoever had them; past the switch, one that is only slow may have users.
  if (takesPorts && (step === 'switch' || world.proxy.state !== 'silent')) return 'take-back'
  return isBeforeTheLine(step) || world.proxy.state === 'running' ? 'take-back' : 'undecided'
}
