import { must } from '../../support/run.ts'
import { PROGRAM } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs } from '../in-turn.ts'
import { type Findings, rowOf } from '../report.ts'

/** The program at its shortest, beside a Node that does nothing. */
export async function measureHelp({ clock, size }: Bench): Promise<Findings> {
  const node = (args: readonly string[]) => durationMs(() => must(process.execPath, args))
  const pairs = await measureInPairs(clock, {
    rounds: size.lookRounds,
    warmUps: 1,
    ours: { measure: () => node([PROGRAM, '--help']) },
    theirs: { measure: () => node(['-e', '0']) },
  })
  return {
    rows: [
      rowOf(pairs, {
        what: '`upgrade --help`',
        against: '`node -e 0`',
        unit: 'ms',
        mark: { of: 'ratio', most: 1.5 },
      }),
    ],
  }
}
