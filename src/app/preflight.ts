import { type Adoption, EXPECTED_GAP_MS } from '../domain/adoption.ts'
import { otherColor } from '../domain/color.ts'
import type { World } from '../domain/facts.ts'
import { Expected, failureOf } from '../domain/failure.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Route } from '../domain/service.ts'
import { gatherAdoption } from './adoption.ts'
import type { Context, Held } from './command.ts'
import { draftRelease } from './draft-release.ts'
import type { Note } from './events.ts'
import { knownSite } from './known-site.ts'
import { refuseSilent } from './refuse-silent.ts'
import { beginRun, type Run } from './run.ts'

/** Bytes that must be free where records are kept; images need far more, but on the engine's own disk. */
const NEEDED_BYTES = 16 * 1024 * 1024

/** Step 1: everything that can be known before anything is done, so that what cannot work ends here. */
export async function preflight(context: Context, held: Held): Promise<Run> {
  const { emit, ports, settings } = context
  const color = held.active === undefined ? 'blue' : otherColor(held.active)
  const subject = { app: settings.app, color, from: held.active, release: undefined }
  const beganMs = ports.machine.now().getTime()
  emit({ type: 'step-started', step: 'preflight', subject })
  const took = () => ports.machine.now().getTime() - beganMs
  try {
    checkDisk(context, held)
    await refuseSilent(context, held.world)
    const [candidate, platform, , site] = await Promise.all([
      draftRelease(context, { color, at: new Date(held.startedAtMs) }),
      ports.platform.check(),
      ports.proxy.check(),
      knownSite(context, held.world),
    ])
    const adoption = await gatherAdoption(context, held.world, candidate.services)
    await checkPorts(context, held.world, candidate.routes, adoption)
    const run = beginRun(context, held, {
      command: 'perform',
      target: color,
      candidate,
      site,
      displaced: runningRelease(held.world, color),
      adoption,
    })
    run.durations.preflight = took()
    for (const volume of candidate.bothWrite)
      emit({ type: 'note', note: { note: 'volume-written-by-both', ...volume } })
    if (adoption !== undefined) emit({ type: 'note', note: tellAdoption(adoption, candidate.routes) })
    emit({
      type: 'step-done',
      step: 'preflight',
      subject,
      durationMs: took(),
      detail: `engine ${platform.engine}, compose ${platform.compose}`,
    })
    return run
  } catch (error) {
    const failure = failureOf(error)
    if (failure !== undefined)
      emit({ type: 'step-failed', step: 'preflight', subject, durationMs: took(), failure })
    throw error
  }
}

function checkDisk({ settings }: Context, { freeBytes }: Held): void {
  if (freeBytes >= NEEDED_BYTES) return
  throw new Expected({
    code: 'disk-full',
    path: settings.deploymentDir,
    freeBytes,
    neededBytes: NEEDED_BYTES,
  })
}

/** The proxy needs its listen ports; whoever has one is named, unless it is the app that is adopted. */
export async function checkPorts(
  { ports, settings }: Context,
  world: World,
  routes: readonly Route[],
  adoption: Adoption | undefined,
): Promise<void> {
  const { state } = world.proxy
  if ((state === 'running' || state === 'silent') && world.proxy.waiting !== true) return
  const adopted = adoption?.containers.map((each) => each.name) ?? []
  for (const port of new Set(routes.map((route) => route.listen))) {
    // Without Docker's userland proxy nothing listens on a published port: the engine must be asked as well.
    const [taken, publisher] = await Promise.all([
      ports.machine.portHolder(port),
      ports.platform.publisher(port),
    ])
    if (taken === undefined && publisher === undefined) continue
    if (publisher !== undefined && adopted.includes(publisher.container)) continue
    throw new Expected({
      code: 'port-taken',
      port,
      holder: taken?.holder,
      container: publisher?.container,
      own: publisher?.project === settings.app,
    })
  }
}

/** What the moment of the switch costs this once, said before anything is done. */
function tellAdoption(adoption: Adoption, routes: readonly Route[]): Note {
  const ports = adoption.attachments.length === 0 ? [] : [...new Set(routes.map((route) => route.listen))]
  const containers = adoption.containers.map((each) => each.name).sort()
  return { note: 'adopts', containers, ports, gapMs: EXPECTED_GAP_MS }
}
