import { setTimeout as sleep } from 'node:timers/promises'
import { must } from '../support/run.ts'
import { startTraffic } from '../support/traffic.ts'
import { percentile } from './figures.ts'
import { isInstalled } from './installed.ts'
import { type LoadFigures, parseWrk } from './wrk.ts'

const CONNECTIONS = 50

/** Something that asks as fast as it is answered, over 50 keep-alive connections. */
export interface LoadGenerator {
  name: 'wrk' | 'Node'
  run: (load: { port: number; seconds: number }) => Promise<LoadFigures>
}

/** wrk where it is installed, else this very process, which is slower than what it measures. */
export async function chooseLoadGenerator(): Promise<LoadGenerator> {
  if (await isInstalled('wrk')) return { name: 'wrk', run: runWrk }
  return { name: 'Node', run: runNode }
}

async function runWrk({ port, seconds }: { port: number; seconds: number }): Promise<LoadFigures> {
  const load = ['--threads=1', `--connections=${CONNECTIONS}`, `--duration=${seconds}s`, '--latency']
  return mustSucceed(parseWrk(await must('wrk', [...load, `http://127.0.0.1:${port}/`])))
}

async function runNode({ port, seconds }: { port: number; seconds: number }): Promise<LoadFigures> {
  const maxMs = seconds * 1000
  const traffic = startTraffic({ port, connections: CONNECTIONS, mode: 'keep-alive', paceMs: 0, maxMs })
  await sleep(maxMs)
  const { answers, durationMs, failed, ok } = await traffic.stop()
  const latencies = answers.map(({ atMs, startedMs }) => atMs - startedMs)
  return mustSucceed({
    requestsPerSecond: ok / (durationMs / 1000),
    p99Ms: percentile(latencies, 99),
    failed,
  })
}

// Errors are answered faster than requests: figures with errors among them compare nothing.
function mustSucceed(figures: LoadFigures): LoadFigures {
  if (figures.failed > 0) throw new Error(`${figures.failed} requests had no good answer under full load.`)
  return figures
}
