import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PROGRAM } from '../support/sandbox.ts'
import { CannotInstall } from '../support/setup/cannot-install.ts'
import { ensureEngine } from '../support/setup/engine.ts'
import { ensureImages } from '../support/setup/images.ts'
import { type Bench, startClock, TimeIsOver } from './clock.ts'
import { readMachine } from './machine.ts'
import { measureHelp } from './measure/help.ts'
import { measurePerform } from './measure/perform.ts'
import { measureRequests } from './measure/requests.ts'
import { measureStatus } from './measure/status.ts'
import { measureSwitch } from './measure/switch.ts'
import { measureThroughput } from './measure/throughput.ts'
import { parseOptions } from './options.ts'
import { replaceSection } from './readme-section.ts'
import { renderReport } from './render.ts'
import { exitCodeOf, type Report } from './report.ts'
import { withDeployedPair, withPlainNginx } from './scenes.ts'
import { SIZES } from './size.ts'

// Measures the built program and what one would do without it, side by side, in one run on this machine.

const README = fileURLToPath(new URL('../../README.md', import.meta.url))
const say = (line: string) => console.error(line)

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  return error instanceof CannotInstall ? 3 : 1
})

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (!existsSync(PROGRAM)) throw new Error('dist/main.js is not there: run `npm run build` first.')
  // It costs 0.14 s at every start of node, on either side, and nothing here speaks to anyone outside.
  delete process.env.NODE_EXTRA_CA_CERTS
  await ensureEngine(say)
  const images = await ensureImages(say)
  const size = SIZES[options.size]
  const report = await measureAll({ size, images, say, clock: startClock(size.maxMs) })
  const text = renderReport(report)
  console.log(text)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  if (options.readme === 'write' && report.end === 'complete')
    writeFileSync(README, replaceSection(readFileSync(README, 'utf8'), text))
  return exitCodeOf(report, options.missed)
}

async function measureAll(bench: Bench): Promise<Report> {
  const machine = await readMachine(bench.images.proxy)
  const report: Report = {
    size: bench.size.name,
    machine,
    rows: [],
    traffic: [],
    skipped: [],
    end: 'complete',
  }
  try {
    await fill(report, bench)
  } catch (error) {
    if (!(error instanceof TimeIsOver)) throw error
    report.end = 'time was over'
    report.skipped.push(`${error.message} What is not in the tables was not measured.`)
  }
  return report
}

async function fill(report: Report, bench: Bench): Promise<void> {
  const { say } = bench
  say('Starts …')
  report.rows.push(await measureHelp(bench))
  await withPlainNginx(bench, async (nginx) => {
    await withDeployedPair(bench, async (box) => {
      say('Looks and switches …')
      report.rows.push(...(await measureStatus(bench, box)))
      report.rows.push(...(await measureSwitch(bench, { box, nginx })))
      say('Requests during switches …')
      report.traffic.push(...(await measureRequests(bench, { box, nginx })))
      say('Throughput …')
      const throughput = await measureThroughput(bench, { box, nginx })
      if ('skipped' in throughput) report.skipped.push(throughput.skipped)
      else report.rows.push(throughput)
    })
    say('Whole upgrades …')
    report.rows.push(...(await measurePerform(bench, nginx)))
  })
}
