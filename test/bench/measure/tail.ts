import { toldMs } from '../../support/told.ts'
import type { Bench } from '../clock.ts'
import { percentile } from '../figures.ts'
import { measureInTurn, type Side } from '../in-turn.ts'
import type { Load, Users } from '../loads.ts'
import { type Findings, type Row, rowOf } from '../report.ts'
import type { Scenes } from '../scenes/scenes.ts'
import { type Stretch, underTraffic, type Way } from '../under-traffic.ts'
import { instantRows } from './instant.ts'
import { byHand, ours, startAtOne } from './requests.ts'

const KEPT = { mode: 'keep-alive', postShare: 0.5, jitter: 0.5 } as const
const BUSY: Load = { ...KEPT, connections: 50, paceMs: 25 }
// So few requests that none waits for another: whatever else needs a processor shows.
const CALM: Load = { ...KEPT, connections: 20, paceMs: 50 }

/** What users do meanwhile. */
type Asking = { name: string; load: Load; ownSession: boolean; mark: Row['mark'] }

const TWICE = { of: 'ratio', most: 2 } as const
const ALL: readonly Asking[] = [
  { name: '50 busy connections', load: BUSY, ownSession: false, mark: TWICE },
  { name: '50 busy connections of a session of their own', load: BUSY, ownSession: true, mark: undefined },
  { name: '20 calm connections', load: CALM, ownSession: false, mark: TWICE },
]

// One answer in a hundred is slow for what else the machine does, a health check each 10 s for one: too short a look
// sees either none of that or much.
const CALM_MS = 1_000

/** How slow the slowest answers become while users are moved, against just before. */
export async function measureTail(bench: Bench, scenes: Scenes): Promise<Findings> {
  const rows: Row[] = []
  for (const asking of ALL) rows.push(...(await measureUnder(asking, bench, scenes)))
  return { rows }
}

async function measureUnder(
  { load, mark, name, ownSession }: Asking,
  bench: Bench,
  scenes: Scenes,
): Promise<Row[]> {
  const { clock, size } = bench
  const [box, nginx, outside] = [await scenes.pair(), await scenes.nginx(), await scenes.outside()]
  await startAtOne(box, nginx)
  const users = { outside, ownSession }
  const told = { toldMs: () => toldMs(box.app) }
  const stretches = await measureInTurn(clock, {
    rounds: size.tailRounds,
    sides: {
      ours: moving(bench, { way: { ...ours(box, size.tailSwitches), ...told }, load, users }),
      byHand: moving(bench, { way: byHand(nginx, size.tailSwitches), load, users }),
    },
  })
  const against = 'just before it'
  return [
    rowOf(p99Of(stretches.ours), {
      what: `p99 of requests during \`upgrade switch\`, ${name}`,
      against,
      unit: 'ms',
      mark,
    }),
    rowOf(p99Of(stretches.byHand), {
      what: `p99 of requests during \`nginx -t\`, \`nginx -s reload\` by hand, ${name}`,
      against,
      unit: 'ms',
      mark: undefined,
    }),
    ...instantRows(
      stretches.ours.flatMap(({ moments }) => moments),
      name,
    ),
  ]
}

function moving(
  { clock }: Bench,
  { load, users, way }: { load: Load; users: Users; way: Way },
): Side<Stretch> {
  let release = '1'
  return {
    measure: async () => {
      const stretch = await underTraffic(way, {
        calmMs: CALM_MS,
        clock,
        from: release,
        loads: [load],
        users,
      })
      release = stretch.endsOn
      return stretch
    },
  }
}

function p99Of(stretches: readonly Stretch[]) {
  return {
    ours: stretches.map(({ latencies }) => percentile(latencies.during, 99)),
    theirs: stretches.map(({ latencies }) => percentile(latencies.calm, 99)),
  }
}
