import { STEPS } from '../../../src/domain/steps.ts'
import { killEngineIn } from './engine-kills.ts'
import { withImages } from './program.ts'

// Kills the engine in every step of a release; ends with code 1 where a record was wrong, something was left or the
// next command did not get on.

const say = (line: string) => console.log(line)

process.exitCode = await withImages('own', async (engine) => {
  if (engine === undefined) throw new Error('There is no engine.')
  const findings = await killEngineIn({ engine, steps: STEPS, say })
  for (const { after, kind, what } of findings) say(`${kind}: ${what}\n  after ${after}`)
  say(`${STEPS.length} steps; ${findings.length} findings`)
  return findings.length === 0 ? 0 : 1
})
