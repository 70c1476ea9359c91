import { parseArgs } from 'node:util'
import { anySeed } from './draw.ts'
import { complaints, killTable, summary } from './figures.ts'
import { untilInterrupted, withImages } from './program.ts'
import { runKills } from './run-kills.ts'

// Kills the program in every step of every command, again and again, under traffic; ends with the figures, and with
// code 1 where a request failed, a record was wrong or something was left.

const say = (line: string) => console.log(line)

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '120' },
      lanes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(anySeed()) },
      'own-engine': { type: 'boolean', default: false },
    },
  })
  const [kills, lanes, seed] = [values.kills, values.lanes, values.seed].map(Number)
  if (!kills || !lanes || seed === undefined) throw new Error('--kills, --lanes and --seed are numbers.')
  say(`seed ${seed}`)
  return withImages(values['own-engine'] ? 'own' : 'machine', async (engine) => {
    const figures = await runKills({ engine, kills, lanes, seed, say, stopped: untilInterrupted() })
    const wrong = complaints(figures)
    for (const line of [...killTable(figures), ...wrong, `seed ${seed}: ${summary(figures)}`]) say(line)
    return wrong.length === 0 ? 0 : 1
  })
}
