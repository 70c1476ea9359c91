import { withActive } from '../../domain/build-site.ts'
import { failureOf } from '../../domain/failure.ts'
import type { Run } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { letUsersGoFirst } from '../users-first.ts'
import { handOverPorts } from './hand-over.ts'
import { countRestarts, stillRuns } from './health.ts'
import { beginProbe, endProbe } from './probe.ts'
import { installSite, installTables, isRefusal } from './site.ts'

/** New connections that must lead there, all at once, before the switch counts. */
const CONFIRMATIONS = 5
const CONFIRM_TIMEOUT_MS = 5_000

/** Moves users: what nginx lacks of the release it is given first, then it leads every connection there at one instant. */
export async function switchTraffic(run: Run): Promise<StepResult> {
  const { machine } = run.ports
  await letUsersGoFirst(machine)
  run.restartsBefore = await countRestarts(run)
  beginProbe(run)
  const tables = await installTables(run, 'switch')
  const next = withActive(tables, { generation: run.lastGeneration + 1, active: run.target })
  const beganMs = machine.now().getTime()
  run.generation = run.site?.generation ?? 0
  if (run.takesPorts) {
    await handOverPorts(run, next)
    run.switchMs = run.gapMs ?? 0
    return { detail: `no one had the ports for ${run.gapMs} ms` }
  }
  run.crossedTheLine = true
  try {
    await installSite(run, next)
  } catch (error) {
    if (isRefusal(error)) run.crossedTheLine = false
    // A color that ended says why better than who could not reach it.
    if (failureOf(error)?.code === 'standby-unhealthy') await stillRuns(run)
    throw error
  }
  run.switchMs = machine.now().getTime() - beganMs
  return undefined
}

/** Marks that are set, and a reload that exits 0, prove nothing: only answers do. */
export async function confirmSwitch(run: Run): Promise<StepResult> {
  const { machine, proxy, store } = run.ports
  const beganMs = machine.now().getTime()
  await letUsersGoFirst(machine)
  const limits = { times: CONFIRMATIONS, timeoutMs: CONFIRM_TIMEOUT_MS, leads: run.target }
  await proxy.confirm(run.site?.generation ?? 0, limits)
  endProbe(run)
  run.confirmMs = machine.now().getTime() - beganMs
  run.switchMs += run.confirmMs
  await stillRuns(run)
  await store.writeActive(run.target)
  return { detail: `${CONFIRMATIONS} new connections, generation ${run.site?.generation}` }
}
