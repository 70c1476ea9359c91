import type { StepSubject } from '../../app/events.ts'
import { isBeforeTheLine, type StepId } from '../../domain/steps.ts'

/** What stands at the moment of the switch. */
export const theLine = 'the line: users are switched now'

/** What the way back does, from the step that failed. */
export function takingBackWords(step: StepId, { color, from, own }: StepSubject): string {
  if (isBeforeTheLine(step)) return `Taking back what was made for ${color}`
  if (own !== undefined) return 'Giving your own containers their ports back'
  return from === undefined ? 'Taking users off again' : `Switching users back to ${from}`
}
