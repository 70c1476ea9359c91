import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs } from '../in-turn.ts'
import type { Mark } from '../marks.ts'
import { type Findings, type Row, rowOf } from '../report.ts'
import { upgrade } from '../scenes/sandboxes.ts'
import type { Scenes } from '../scenes/scenes.ts'

const MARK: Mark = { of: 'ratio', most: 2 }

/** What is asked most of a deployed app, beside the least that Compose can be asked. */
export async function measureStatus(bench: Bench, scenes: Scenes): Promise<Findings> {
  const box = await scenes.pair()
  const bare = await measure(bench, box, { what: '`upgrade status`', mark: MARK })
  await upgrade(box, ['init'])
  const configured = await measure(bench, box, {
    what: '`upgrade status` with an upgrade.yaml',
    mark: undefined,
  })
  rmSync(join(box.folder, 'upgrade.yaml'))
  return { rows: [bare, configured] }
}

async function measure(
  { clock, size }: Bench,
  box: Sandbox,
  row: { what: string; mark: Mark | undefined },
): Promise<Row> {
  const pairs = await measureInPairs(clock, {
    rounds: size.lookRounds,
    warmUps: 1,
    ours: { measure: () => durationMs(() => upgrade(box, ['status'])) },
    theirs: { measure: () => durationMs(() => box.compose(['ls'])) },
  })
  return rowOf(pairs, { ...row, against: '`docker compose ls`', unit: 'ms' })
}
