import type { Bench } from '../clock.ts'
import { percentile } from '../figures.ts'
import { measureInTurn, type Side } from '../in-turn.ts'
import type { Load } from '../loads.ts'
import { type Findings, rowOf } from '../report.ts'
import type { Scenes } from '../scenes/scenes.ts'
import { type Stretch, underTraffic, type Way } from '../under-traffic.ts'
import { byHand, ours, startAtOne } from './requests.ts'

// Light enough that the waiting is for the proxy, not for the processor.
const LOAD: Load = { connections: 20, mode: 'keep-alive', postShare: 0.5, paceMs: 50, jitter: 0.5 }

/** How slow the slowest answers become while users are moved, against just before. */
export async function measureTail(bench: Bench, scenes: Scenes): Promise<Findings> {
  const { clock, size } = bench
  const [box, nginx] = [await scenes.pair(), await scenes.nginx()]
  await startAtOne(box, nginx)
  const stretches = await measureInTurn(clock, {
    rounds: size.trafficRounds,
    sides: {
      ours: moving(bench, ours(box, size.switchesARound)),
      byHand: moving(bench, byHand(nginx, size.switchesARound)),
    },
  })
  const against = 'just before it'
  return {
    rows: [
      rowOf(p99Of(stretches.ours), {
        what: 'p99 of requests during `upgrade switch`',
        against,
        unit: 'ms',
        mark: { of: 'ratio', most: 2 },
      }),
      rowOf(p99Of(stretches.byHand), {
        what: 'p99 of requests during `nginx -t`, `nginx -s reload` by hand',
        against,
        unit: 'ms',
        mark: undefined,
      }),
    ],
  }
}

function moving({ clock }: Bench, way: Way): Side<Stretch> {
  let release = '1'
  return {
    measure: async () => {
      const stretch = await underTraffic(way, { clock, from: release, loads: [LOAD] })
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
