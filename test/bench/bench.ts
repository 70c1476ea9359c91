import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PROGRAM } from '../support/sandbox.ts'
import { CannotInstall } from '../support/setup/cannot-install.ts'
import { ensureEngine } from '../support/setup/engine.ts'
import { ensureImages } from '../support/setup/images.ts'
import { startClock } from './clock.ts'
import { readMachine } from './machine.ts'
import { type Options, parseOptions } from './options.ts'
import { PART_NAMES } from './part-names.ts'
import { measureParts } from './parts.ts'
import { replaceSection } from './readme-section.ts'
import { renderReport } from './render.ts'
import { exitCodeOf, type Report } from './report.ts'
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
  if (!existsSync(PROGRAM)) throw new Error('dist/main.cjs is not there: run `npm run build` first.')
  // It costs 0.14 s at every start of node, on either side, and nothing here speaks to anyone outside.
  delete process.env.NODE_EXTRA_CA_CERTS
  await ensureEngine(say)
  const images = await ensureImages(say)
  const size = SIZES[options.size]
  const machine = await readMachine(images.proxy)
  const findings = await measureParts({ size, images, say, clock: startClock(size.maxMs, say) }, options.only)
  const report: Report = { size: size.name, parts: options.only, machine, ...findings }
  tell(report, options)
  return exitCodeOf(report, options.missed)
}

function tell(report: Report, { json, readme }: Options): void {
  const text = renderReport(report)
  console.log(text)
  if (json) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`)
  const complete = report.gaps.length === 0 && report.parts.length === PART_NAMES.length
  if (readme === 'leave') return
  if (complete) writeFileSync(README, replaceSection(readFileSync(README, 'utf8'), text))
  else say('README.md stays as it is: not all was measured.')
}
