import type { ContainerInspectInfo } from 'dockerode'
import { COMPOSE_LABEL } from '../docker/container-facts.ts'
import type { Engine } from '../docker/engine.ts'
import { type Dependent, parseDependsOn, stopOrder } from './stop-order.ts'

/** Services of a project; undefined: all that bears its name. */
export type Part = { project: string; services: readonly string[] | undefined }

/** A container, and what its stop and its start go by. */
export type PartContainer = Dependent & {
  name: string
  running: boolean
  /** How long it may take to end once it was asked to, in ms. */
  graceMs: number
  /** Its restart policy, as the engine calls it. */
  restart: string | undefined
}

/** The containers of a part in the order in which they stop. */
export async function roundsOf(engine: Engine, { project, services }: Part): Promise<PartContainer[][]> {
  const all = await engine.containers([`${COMPOSE_LABEL.project}=${project}`])
  // What somebody runs by `docker compose run` is a command of theirs, not the service: to start it would run it again.
  const meant = all.filter(
    ({ oneOff, service }) => services === undefined || (!oneOff && services.includes(service)),
  )
  const containers = await Promise.all(
    meant.map(async ({ id, name, service }) => {
      const found = await engine.inspect(id)
      return {
        id,
        name,
        service,
        running: found?.State.Running === true,
        graceMs: graceOf(found),
        restart: found?.HostConfig.RestartPolicy?.Name,
        dependsOn: parseDependsOn(found?.Config.Labels[COMPOSE_LABEL.dependsOn]),
      }
    }),
  )
  return stopOrder(containers)
}

/** Compose writes `stop_grace_period` there; without it the engine waits as long as `docker stop` does. */
function graceOf(found: ContainerInspectInfo | undefined): number {
  const { StopTimeout } = (found?.Config ?? {}) as { StopTimeout?: number | null }
  return (StopTimeout ?? USUAL_GRACE_S) * 1_000
}

const USUAL_GRACE_S = 10

/** Waits for all of them, failed or not: a container that starts behind the way back's back would stay. */
export async function settleAll(tasks: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
