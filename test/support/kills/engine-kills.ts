import { parse, stringify } from 'yaml'
import { STEPS, type StepId } from '../../../src/domain/steps.ts'
import type { PrivateEngine } from '../private-engine.ts'
import type { Ran } from '../run.ts'
import type { Sandbox } from '../sandbox.ts'
import { until } from '../until.ts'
import { as } from './laws.ts'
import { createPatient, type Finding, type Patient } from './patient.ts'

const PERFORM = ['perform', '--auto-switch', '--auto-cleanup']
// Nothing was to be undone, nothing users saw, users are back, a person is needed.
const ENDS = [0, 5, 6, 7]

export interface EngineKillsOptions {
  engine: PrivateEngine
  steps: readonly StepId[]
  say: (line: string) => void
}

/** Kills the engine in each of the steps of a release, brings it back, and returns all that was wrong then. */
export async function killEngineIn({ engine, say, steps }: EngineKillsOptions): Promise<Finding[]> {
  const patient = await createPatient({ engine })
  const { box } = patient
  try {
    await publish(patient)
    await patient.run('the first release', PERFORM)
    for (const step of steps) {
      const ran = await killedIn(patient, { engine, step })
      const after = `the engine died in ${step}`
      patient.find(after, as('wrong end', brokenEnd(ran)))
      await engine.start()
      await until(() => isAnswered(box), { timeoutMs: 60_000 })
      await patient.see(after)
      await startWorker(patient)
      const { told } = await patient.run(after, ['switch', patient.active()])
      say(`${step}: ended with ${ran.code}${told.recovered ? ', ended by the next command' : ''}`)
    }
    return patient.findings
  } finally {
    await box.remove()
  }
}

/** How a run ended whose engine died in a step. */
async function killedIn(
  patient: Patient,
  { engine, step }: { engine: PrivateEngine; step: StepId },
): Promise<Ran> {
  await publish(patient)
  const running = patient.box.beginUpgrade(PERFORM)
  const begun = `[${String(STEPS.indexOf(step) + 1).padStart(2)}/${STEPS.length}]`
  await until(() => running.output().includes(begun), { timeoutMs: 120_000, everyMs: 2 })
  await engine.kill()
  return await running.ended
}

/**
 * After a crash of its own, Docker 20.10 leaves `unless-stopped` containers stopped, and singletons are such, for two of
 * them must not come up after a reboot: `status` names it, and a person starts it.
 */
async function startWorker({ active, box }: Patient): Promise<void> {
  const worker = `${box.app}-${active()}-worker-1`
  const there = await box.docker(['ps', '-aq', '--filter', `name=^${worker}$`])
  if (there !== '') await box.docker(['start', worker])
}

/** A release whose containers the engine starts again with itself. */
async function publish({ box, publish }: Patient): Promise<void> {
  publish()
  const model = parse(box.read('compose.yaml')) as { services: Record<string, { restart?: string }> }
  for (const service of Object.values(model.services)) service.restart ??= 'always'
  box.write('compose.yaml', stringify(model))
}

function brokenEnd({ code, stderr }: Ran): string[] {
  const broken = ENDS.includes(code) ? [] : [`it ended with ${code}:\n${stderr.slice(-3_000)}`]
  if (code !== 0 && !/→ /.test(stderr)) broken.push(`it does not say what to do next:\n${stderr}`)
  if (code !== 0 && !/serves|[Uu]sers/.test(stderr)) broken.push(`it says nothing of users:\n${stderr}`)
  return broken
}

async function isAnswered(box: Sandbox): Promise<boolean> {
  return await box.get('/', { timeoutMs: 2_000 }).then(
    ({ status }) => status === 200,
    () => false,
  )
}
