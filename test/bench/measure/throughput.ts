import type { Bench } from '../clock.ts'
import { measureInTurn } from '../in-turn.ts'
import { chooseLoadGenerator } from '../load.ts'
import { type Findings, type Gap, rowOf } from '../report.ts'
import type { Scenes } from '../scenes/scenes.ts'
import type { LoadFigures } from '../wrk.ts'

const BY_NODE: Gap = {
  what: 'Throughput by wrk',
  kind: 'not installed',
  why: 'Node asked instead, which is slower than what it asks; `apt-get install wrk` gets wrk.',
}

/** Requests a second through our configuration, beside one tuned by hand and beside the application itself. */
export async function measureThroughput({ clock, size }: Bench, scenes: Scenes): Promise<Findings> {
  const [box, nginx, generator] = [await scenes.pair(), await scenes.nginx(), await chooseLoadGenerator()]
  const asking = (port: number) => ({
    measure: () => generator.run({ port, seconds: size.throughputSeconds }),
  })
  const { itself, ours, tuned } = await measureInTurn(clock, {
    rounds: size.throughputRounds,
    warmUps: 1,
    sides: { ours: asking(box.port), tuned: asking(nginx.port), itself: asking(nginx.appPort) },
  })
  const rate = (figures: readonly LoadFigures[]) => figures.map((each) => each.requestsPerSecond)
  const p99 = (figures: readonly LoadFigures[]) => figures.map(({ p99Ms }) => p99Ms)
  const what = `Throughput, 50 keep-alive connections of ${generator.name}`
  const byHand = 'an nginx.conf tuned by hand, same features, workers and log, constant `proxy_pass`'
  const directly = 'the application itself, on a port that Docker publishes'
  const requests = { what, unit: 'requests/s' } as const
  const latency = { what: 'p99 under that load', unit: 'ms', mark: undefined } as const
  return {
    rows: [
      rowOf(
        { ours: rate(ours), theirs: rate(tuned) },
        { ...requests, against: byHand, mark: { of: 'ratio', least: 0.95 } },
      ),
      rowOf({ ours: rate(ours), theirs: rate(itself) }, { ...requests, against: directly, mark: undefined }),
      rowOf({ ours: p99(ours), theirs: p99(tuned) }, { ...latency, against: byHand }),
      rowOf({ ours: p99(ours), theirs: p99(itself) }, { ...latency, against: directly }),
    ],
    gaps: generator.name === 'Node' ? [BY_NODE] : [],
  }
}
