import type { Bench } from './clock.ts'
import { gapOf } from './gap.ts'
import { measureFlat } from './measure/flat.ts'
import { measureHelp } from './measure/help.ts'
import { measureMemory } from './measure/memory.ts'
import { measurePerform } from './measure/perform.ts'
import { measurePlan } from './measure/plan.ts'
import { measureRequests } from './measure/requests.ts'
import { measureStatus } from './measure/status.ts'
import { measureSwitch } from './measure/switch.ts'
import { measureTail } from './measure/tail.ts'
import { measureThroughput } from './measure/throughput.ts'
import type { PartName } from './part-names.ts'
import type { Findings } from './report.ts'
import { type Scenes, withScenes } from './scenes/scenes.ts'

const PARTS: Record<PartName, (bench: Bench, scenes: Scenes) => Promise<Findings>> = {
  help: measureHelp,
  status: measureStatus,
  plan: measurePlan,
  switch: measureSwitch,
  requests: measureRequests,
  tail: measureTail,
  throughput: measureThroughput,
  memory: measureMemory,
  perform: measurePerform,
  flat: measureFlat,
}

/** Measures one part after the other; one that fails, or has no time left, is told and the next one begins. */
export async function measureParts(bench: Bench, names: readonly PartName[]): Promise<Required<Findings>> {
  const all: Required<Findings> = { rows: [], traffic: [], gaps: [] }
  await withScenes(bench, async (scenes) => {
    for (const [index, name] of names.entries()) {
      bench.say(`[${bench.clock.elapsed()}] ${index + 1} of ${names.length}: ${name} …`)
      const { gaps = [], rows = [], traffic = [] } = await measurePart(bench, { name, scenes })
      all.rows.push(...rows)
      all.traffic.push(...traffic)
      all.gaps.push(...gaps)
    }
  })
  bench.say(`[${bench.clock.elapsed()}] done`)
  return all
}

async function measurePart(
  bench: Bench,
  { name, scenes }: { name: PartName; scenes: Scenes },
): Promise<Findings> {
  try {
    bench.clock.check()
    return await PARTS[name](bench, scenes)
  } catch (error) {
    bench.clock.throwIfInterrupted()
    return { gaps: [gapOf(name, error)] }
  }
}
