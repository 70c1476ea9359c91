import { must } from '../../support/run.ts'
import { until } from '../../support/until.ts'
import type { Bench } from '../clock.ts'
import { measureInPairs } from '../in-turn.ts'
import { parseTop } from '../process-list.ts'
import { type Findings, rowOf } from '../report.ts'
import type { Scenes } from '../scenes/scenes.ts'

// Old workers end by then: nothing holds connections any more.
const DRAINED_MS = 60_000

/** What the proxy's processes keep in memory, pages that they share counted once for each. */
export async function measureMemory({ clock }: Bench, scenes: Scenes): Promise<Findings> {
  const [box, nginx] = [await scenes.pair(), await scenes.nginx()]
  const pairs = await measureInPairs(clock, {
    rounds: 1,
    ours: { measure: () => residentMiB(`${box.app}-proxy-nginx-1`) },
    theirs: { measure: () => residentMiB(nginx.container) },
  })
  const row = { what: 'Resident memory of the proxy', against: 'the nginx set up by hand' } as const
  return { rows: [rowOf(pairs, { ...row, unit: 'MiB', mark: undefined })] }
}

async function residentMiB(container: string): Promise<number> {
  const processes = await until(
    async () => {
      const listed = parseTop(await must('docker', ['top', container, '-eo', 'pid,rss,args']))
      return listed.some(({ command }) => command.includes('is shutting down')) ? undefined : listed
    },
    { timeoutMs: DRAINED_MS },
  )
  return processes.reduce((total, { residentKiB }) => total + residentKiB, 0) / 1024
}
