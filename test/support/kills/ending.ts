import type { FailureCode } from '../../../src/domain/failure.ts'
import { exitCodeOf } from '../../../src/domain/outcome.ts'
import type { Told } from './victim.ts'

// What a command may be refused for, after whatever the run before it died of.
const REFUSALS: Record<string, readonly FailureCode[]> = {
  perform: [],
  switch: ['already-active', 'not-running', 'nothing-deployed'],
  rollback: ['no-previous-release', 'already-active', 'nothing-deployed'],
  cleanup: ['nothing-deployed'],
}

/** What is wrong with the end of a command that nobody killed; `failure`: how it was made to fail. */
export function brokenEnding(told: Told, failure: readonly FailureCode[] = []): string[] {
  const { atOnce, code, leftovers, outcome, words } = told
  const command = words.join(' ')
  if (outcome === undefined)
    return [`${command} ended with ${code} and without an outcome:\n${told.text.slice(-3_000)}`]
  // Who asks for the end of a run while it drains or stops the old color gets it, and is told.
  const broken = leftovers
    .filter(
      (what) => !(failure.includes('interrupted') && /^the step (drain|cleanup): interrupted/.test(what)),
    )
    .map((what) => `${command} left ${what}`)
  if (code !== exitCodeOf(outcome) && code !== atOnce)
    broken.push(`${command} ended with ${code} for ${outcome.kind}`)
  if (!('failure' in outcome)) return broken
  // What stood by before the dead run was started again a moment ago, and may not listen yet.
  const young: FailureCode[] = told.recovered && words[0] === 'switch' ? ['standby-unhealthy'] : []
  const allowed = [...failure, ...young, ...(REFUSALS[words[0] ?? ''] ?? [])]
  const found = outcome.failure.code
  const back = outcome.kind === 'rolled-back' && found === 'interrupted'
  if ((outcome.kind !== 'aborted' && !back) || !allowed.includes(found))
    broken.push(`${command}: ${outcome.kind}, ${JSON.stringify(outcome.failure).slice(0, 1_500)}`)
  return broken
}
