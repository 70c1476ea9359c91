import { stringify } from 'yaml'
import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs } from '../in-turn.ts'
import { type Findings, rowOf } from '../report.ts'
import { deployable, upgrade, withSandbox } from '../scenes/sandboxes.ts'

const SERVICES = 50

/** What a person asks before every upgrade, of a file that is not small, beside the least that Compose can do with it. */
export async function measurePlan(bench: Bench): Promise<Findings> {
  const options = { ...(await deployable(bench, { version: '1' })), compose: manyServices(bench) }
  const pairs = await withSandbox(options, (box) =>
    measureInPairs(bench.clock, {
      rounds: bench.size.lookRounds,
      warmUps: 1,
      ours: { measure: () => durationMs(() => upgrade(box, ['plan'])) },
      theirs: { measure: () => durationMs(() => box.compose(['config'])) },
    }),
  )
  return {
    rows: [
      rowOf(pairs, {
        what: `\`upgrade plan\` of ${SERVICES} services`,
        against: '`docker compose config` of the same file',
        unit: 'ms',
        mark: { of: 'ratio', most: 1.5 },
      }),
    ],
  }
}

/** Each service with an image of its own, most of which nobody has: `plan` must find that out, too. */
function manyServices({ images }: Bench): string {
  const services = Array.from({ length: SERVICES }, (_, index) => {
    const own = { environment: { A: `${index}`, B: 'x' }, healthcheck: { test: ['CMD', 'true'] } }
    const image = `verdigris.local/vt-bench-many/${index}:1`
    if (index === 0) return ['s0', { ...own, image, ports: ['__PORT__:3000'] }]
    if (index % 10 === 9) return [`s${index}`, { ...own, image: images.redis }]
    return [`s${index}`, { ...own, image, depends_on: ['s0'] }]
  })
  return stringify({ services: Object.fromEntries(services) })
}
