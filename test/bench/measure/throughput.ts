import { must, run } from '../../support/run.ts'
import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { measureInPairs, type Side } from '../pairs.ts'
import { type Row, rowOf } from '../report.ts'
import type { PlainNginx } from '../scenes.ts'

/** Requests a second through our configuration, beside one written by hand for an app that never moves. */
export async function measureThroughput(
  { clock, size }: Bench,
  { box, nginx }: { box: Sandbox; nginx: PlainNginx },
): Promise<Row | { skipped: string }> {
  // It says its version and exits with 1; 127 is "no such program".
  if ((await run('wrk', ['-v'])).code === 127)
    return { skipped: 'Throughput was not measured: `wrk` is not installed.' }
  const load = (port: number): Side => ({
    measure: async () =>
      requestsPerSecond(
        await must('wrk', [
          '--threads=1',
          '--connections=50',
          `--duration=${size.throughputSeconds}s`,
          `http://127.0.0.1:${port}/`,
        ]),
      ),
  })
  const pairs = await measureInPairs(clock, {
    rounds: size.throughputRounds,
    ours: load(box.port),
    theirs: load(nginx.port),
  })
  return rowOf(pairs, {
    what: 'Throughput, 50 keep-alive connections',
    against: 'the same app behind a constant `proxy_pass`',
    unit: 'requests/s',
    mark: undefined,
  })
}

/** Reads the figure that wrk ends with. */
function requestsPerSecond(output: string): number {
  const figure = /^Requests\/sec:\s*([\d.]+)$/m.exec(output)?.[1]
  if (figure === undefined) throw new Error(`wrk told no figure:\n${output}`)
  return Number(figure)
}
