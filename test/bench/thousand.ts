import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureEngine } from '../support/setup/engine.ts'
import { ensureImages } from '../support/setup/images.ts'
import { type Clock, startClock, TimeIsOver } from './clock.ts'
import type { Load } from './loads.ts'
import { readMachine } from './machine.ts'
import { machineLines } from './render.ts'
import { describeSeries, exitCodeOfSeries, renderSeries, type Series, seriesOf } from './series.ts'
import { createSwitchLab, type SwitchLab } from './switch-lab.ts'
import { switchUnderLoads } from './switch-under-loads.ts'

// A thousand switches in a row: half of them under busy keep-alive connections, half under a mix of them, short ones
// and POSTs.

const LOADS: Readonly<Record<string, readonly Load[]>> = {
  'busy keep-alive': [{ connections: 50, mode: 'keep-alive', paceMs: 10 }],
  mixed: [
    { connections: 25, mode: 'keep-alive', paceMs: 20, postShare: 0.5 },
    { connections: 10, mode: 'short', paceMs: 25, postShare: 0.5 },
  ],
}
// Answers are kept by the traffic: it is begun anew now and then.
const STRETCH = 50
const MAX_MS = 1_800_000
const say = (line: string) => console.error(line)

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  return 1
})

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
  const wanted = Number(positionals[0] ?? 1_000)
  if (!Number.isInteger(wanted / 2) || wanted < 2) throw new Error('How many switches: an even number.')
  await ensureEngine(say)
  const machine = await readMachine((await ensureImages(say)).proxy)
  const clock = startClock(MAX_MS, say)
  const lab = await createSwitchLab()
  try {
    const all: Series[] = []
    for (const [name, loads] of Object.entries(LOADS))
      all.push(await measureSeries(lab, { clock, name, loads, wanted: wanted / 2 }))
    console.log(`${machineLines(machine)}\n\n${renderSeries(all)}`)
    if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, series: all }, undefined, 2)}\n`)
    return exitCodeOfSeries(all)
  } finally {
    await lab.remove()
  }
}

async function measureSeries(
  lab: SwitchLab,
  { clock, loads, ...wanted }: { clock: Clock; name: string; loads: readonly Load[]; wanted: number },
): Promise<Series> {
  let series = seriesOf([], wanted)
  const stretches = []
  try {
    while (series.switches < wanted.wanted) {
      const count = Math.min(STRETCH, wanted.wanted - series.switches)
      stretches.push(await switchUnderLoads(lab, { clock, count, loads }))
      series = seriesOf(stretches, wanted)
      say(`[${clock.elapsed()}] ${describeSeries(series)}`)
    }
  } catch (error) {
    if (!(error instanceof TimeIsOver)) throw error
    say(error.message)
  }
  return series
}
