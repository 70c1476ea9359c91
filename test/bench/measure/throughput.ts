import type { Bench } from '../clock.ts'
import { measureInTurn, type Pairs } from '../in-turn.ts'
import { chooseLoadGenerator } from '../load.ts'
import { type Findings, type Gap, type Row, rowOf } from '../report.ts'
import type { Scenes } from '../scenes/scenes.ts'
import type { LoadFigures } from '../wrk.ts'

const BY_NODE: Gap = {
  what: 'Throughput by wrk',
  kind: 'not installed',
  why: 'Node asked instead, which is slower than what it asks; `apt-get install wrk` gets wrk.',
}

const BY_HAND =
  'an nginx.conf tuned by hand, same features, workers and log, constant `proxy_pass`, before the same process'
const LINE_BY_LINE = 'the same that writes its log a line at a time, as nginx does by itself'
const ITSELF = 'the application itself, on a port that Docker publishes'

/** Requests a second through our configuration, beside one tuned by hand and beside the application itself. */
export async function measureThroughput({ clock, size }: Bench, scenes: Scenes): Promise<Findings> {
  const [box, nginx, generator] = [await scenes.pair(), await scenes.nginx(), await chooseLoadGenerator()]
  const asking = (port: number) => ({ measure: () => generator.run({ port, seconds: 1 }) })
  const color = `${box.app}-${box.read('deployments/active').trim()}`
  return nginx.borrowing({ container: `${color}-web-1`, network: `${color}_default` }, async () => {
    const ours = asking(box.port)
    const marked = await measureInTurn(clock, {
      rounds: size.throughputRounds,
      warmUps: 2,
      sides: { ours, byHand: asking(nginx.port) },
    })
    const aside = await measureInTurn(clock, {
      rounds: size.asideRounds,
      warmUps: 2,
      sides: { ours, lineByLine: asking(nginx.lineByLinePort), itself: asking(nginx.appPort) },
    })
    const what = `50 keep-alive connections of ${generator.name}`
    return {
      rows: [
        throughput(what, { ours: marked.ours, theirs: marked.byHand, against: BY_HAND, least: 0.95 }),
        throughput(what, { ours: aside.ours, theirs: aside.lineByLine, against: LINE_BY_LINE }),
        throughput(what, { ours: aside.ours, theirs: aside.itself, against: ITSELF }),
        slowest({ ours: marked.ours, theirs: marked.byHand, against: BY_HAND }),
        slowest({ ours: aside.ours, theirs: aside.lineByLine, against: LINE_BY_LINE }),
        slowest({ ours: aside.ours, theirs: aside.itself, against: ITSELF }),
      ],
      gaps: generator.name === 'Node' ? [BY_NODE] : [],
    }
  })
}

interface Compared {
  ours: readonly LoadFigures[]
  theirs: readonly LoadFigures[]
  against: string
}

function throughput(connections: string, { against, least, ...sides }: Compared & { least?: number }): Row {
  return rowOf(figuresOf(sides, 'requestsPerSecond'), {
    what: `Throughput, ${connections}`,
    against,
    unit: 'requests/s',
    mark: least === undefined ? undefined : { of: 'ratio', least },
  })
}

function slowest({ against, ...sides }: Compared): Row {
  return rowOf(figuresOf(sides, 'p99Ms'), {
    what: 'p99 under that load',
    against,
    unit: 'ms',
    mark: undefined,
  })
}

function figuresOf({ ours, theirs }: Omit<Compared, 'against'>, name: 'requestsPerSecond' | 'p99Ms'): Pairs {
  return { ours: ours.map((each) => each[name]), theirs: theirs.map((each) => each[name]) }
}
