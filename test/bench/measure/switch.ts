import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs, type Side } from '../in-turn.ts'
import { type Findings, rowOf } from '../report.ts'
import { standby, upgrade } from '../scenes/sandboxes.ts'
import type { Scenes } from '../scenes/scenes.ts'

/** Between two releases that both run: there by `switch`, back by `rollback`, beside a reload by hand. */
export async function measureSwitch(bench: Bench, scenes: Scenes): Promise<Findings> {
  const [box, nginx] = [await scenes.pair(), await scenes.nginx()]
  const away = () => upgrade(box, ['switch', standby(box)])
  const byHand: Side = {
    measure: () =>
      durationMs(async () => {
        await nginx.test()
        await nginx.reload()
      }),
  }
  const rounds = { rounds: bench.size.switchRounds, warmUps: 1, theirs: byHand }
  const switched = await measureInPairs(bench.clock, {
    ...rounds,
    ours: { measure: () => durationMs(away) },
  })
  const rolledBack = await measureInPairs(bench.clock, {
    ...rounds,
    ours: {
      prepare: async () => void (await away()),
      measure: () => durationMs(() => upgrade(box, ['rollback'])),
    },
  })
  const row = {
    against: '`docker exec` of `nginx -t`, then of `nginx -s reload`',
    unit: 'ms',
    mark: { of: 'ratio', most: 2.5 },
  } as const
  return {
    rows: [
      rowOf(switched, { ...row, what: '`upgrade switch`' }),
      rowOf(rolledBack, { ...row, what: '`upgrade rollback`' }),
    ],
  }
}
