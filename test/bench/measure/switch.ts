import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs, type Side } from '../pairs.ts'
import { type Row, rowOf } from '../report.ts'
import { type PlainNginx, upgrade } from '../scenes.ts'

/** Between two releases that both run: there by `switch`, back by `rollback`, beside a reload by hand. */
export async function measureSwitch(
  bench: Bench,
  { box, nginx }: { box: Sandbox; nginx: PlainNginx },
): Promise<Row[]> {
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
  return [
    rowOf(switched, { ...row, what: '`upgrade switch`' }),
    rowOf(rolledBack, { ...row, what: '`upgrade rollback`' }),
  ]
}

function standby(box: Sandbox): 'blue' | 'green' {
  return box.read('deployments/active').trim() === 'blue' ? 'green' : 'blue'
}
