import { chooseRollback, rollbackFailure, whatIsKnown } from '../domain/choose-rollback.ts'
import { COLORS, type Color, colorProject, otherColor } from '../domain/color.ts'
import { judgeDrift, judgeFiles, observedActive, outlastsRuns } from '../domain/drift.ts'
import type { ContainerFacts, Drift, ProxyFacts, World } from '../domain/facts.ts'
import { Expected, type Failure, failureOf } from '../domain/failure.ts'
import { judgeRelease } from '../domain/held-images.ts'
import { isKnown } from '../domain/known-app.ts'
import type { Metadata } from '../domain/release.ts'
import { imagesOfRemoved } from '../domain/removed-singletons.ts'
import { runningRelease } from '../domain/running-release.ts'
import type { Settings } from '../domain/settings.ts'
import { userUrl } from '../domain/user-url.ts'
import type { Platform } from './ports/platform.ts'
import type { Proxy } from './ports/proxy.ts'
import type { Journal, Lock, Store } from './ports/records.ts'
import type { ColorView, RollbackReadiness, StatusView } from './views.ts'
import { type Eyes, inMaintenance, observeWorld } from './world.ts'

const RECENT = 5

export type StatusEyes = Eyes & {
  platform: Pick<Platform, 'images'>
  proxy: Pick<Proxy, 'draining' | 'changedFiles'>
  store: Pick<Store, 'read' | 'readJournal'>
  lock: Pick<Lock, 'holder' | 'frozen'>
}

/** `thorough`: files of the proxy are looked at, too, which takes a program in its container. */
type Look = 'quick' | 'thorough'

/**
 * Where an app stands, as nginx, the engine and the records say now. Changes nothing. `nowhere` is thrown where nothing
 * tells of an app.
 */
export async function status(
  eyes: StatusEyes,
  { app, delivery }: Pick<Settings, 'app' | 'delivery'>,
  { look = 'quick', nowhere }: { look?: Look; nowhere?: Failure | undefined } = {},
): Promise<StatusView> {
  // Who reads a record first finds it corrupt: what is set aside is told by this.
  const world = await observeWorld(eyes, app)
  const [journal, holder, freeze] = await Promise.all([
    eyes.store.readJournal(),
    eyes.lock.holder(),
    eyes.lock.frozen(),
  ])
  const written = journal ?? holder ?? freeze
  if (nowhere !== undefined && written === undefined && !isKnown(world)) throw new Expected(nowhere)
  const active = observedActive(world)
  const standby = active === undefined ? undefined : otherColor(active)
  const { proxy, records } = world
  return {
    view: 'status',
    app,
    active,
    colors: { blue: viewColor(world, 'blue'), green: viewColor(world, 'green') },
    urls:
      proxy.state === 'running'
        ? Object.keys(proxy.previewPorts).map((port) => userUrl(listenerRoot(Number(port)), delivery.tls))
        : [],
    previews:
      proxy.state === 'running' && standby !== undefined && runningRelease(world, standby) !== undefined
        ? Object.values(proxy.previewPorts).map((port) => userUrl(listenerRoot(port), undefined))
        : [],
    draining: await stillDraining(eyes, proxy),
    maintenance: inMaintenance(world),
    rollback: await readiness(eyes, world, active),
    drift: await driftOf(eyes, world, { look, running: holder !== undefined }),
    recent: records.history.slice(-RECENT).reverse(),
    deadRun: journal === undefined || holder !== undefined ? undefined : deadRun(journal, active),
    lock: holder,
    freeze,
  }
}

/** Connections that users still have to the color that they left. */
async function stillDraining({ proxy }: Pick<StatusEyes, 'proxy'>, seen: ProxyFacts): Promise<number> {
  if (seen.state !== 'running' || seen.active === undefined) return 0
  try {
    return await proxy.draining(otherColor(seen.active))
  } catch (error) {
    // It went away since it was looked at.
    if (failureOf(error) === undefined) throw error
    return 0
  }
}

async function driftOf(
  { proxy }: StatusEyes,
  world: World,
  { look, running }: { look: Look; running: boolean },
): Promise<Drift[]> {
  const drift = judgeDrift(world).filter((each) => !running || outlastsRuns(each))
  if (look === 'quick' || running || world.proxy.state !== 'running') return drift
  return [...drift, ...judgeFiles(await proxy.changedFiles())]
}

function listenerRoot(listen: number) {
  return { listen, host: undefined, path: '/' }
}

function deadRun(journal: Journal, active: Color | undefined): StatusView['deadRun'] {
  const { command, release, startedAt, step, target } = journal
  return { command, release, startedAt, step, way: active === target ? 'finished' : 'taken-back' }
}

function viewColor(world: World, color: Color): ColorView {
  const project = colorProject(world.app, color)
  const all = world.containers.filter((container) => container.project === project && !container.oneOff)
  const release = all.find((container) => container.release !== undefined)?.release
  const known = world.records.snapshots.find((snapshot) => snapshot.id === release)
  const waiting = color === observedActive(world) ? [] : singletonsOf(known)
  const containers = all.filter((container) => !waiting.includes(container.service))
  const recorded = (known?.containers ?? []).filter(
    (name) => !waiting.some((service) => name.startsWith(`${project}-${service}-`)),
  )
  return {
    release,
    images: known?.images.map(({ service, image }) => ({ service, image })) ?? [],
    containers: {
      running: containers.filter((container) => container.state === 'running').length,
      expected: Math.max(containers.length, recorded.length),
    },
    health: worstHealth(containers),
  }
}

/** They run where users are; elsewhere they wait. */
function singletonsOf(release: Metadata | undefined): string[] {
  return (release?.services ?? []).filter((each) => each.class === 'singleton').map((each) => each.name)
}

function worstHealth(containers: readonly ContainerFacts[]): ColorView['health'] {
  const running = containers.filter((container) => container.state === 'running')
  if (running.length === 0) return 'none'
  const found = new Set(running.map((container) => container.health))
  for (const health of ['unhealthy', 'starting', 'healthy'] as const) if (found.has(health)) return health
  return 'unchecked'
}

async function readiness(
  { platform }: Pick<StatusEyes, 'platform'>,
  world: World,
  active: Color | undefined,
): Promise<RollbackReadiness> {
  if (active === undefined) return { ready: false, failure: { code: 'nothing-deployed' } }
  const known = whatIsKnown(world)
  const choice = chooseRollback({ ...known, active: runningRelease(world, active), to: undefined })
  if (choice.kind === 'own') return { ready: true, way: 'own', services: choice.services }
  if (choice.kind !== 'found') return { ready: false, failure: rollbackFailure(choice, active) }
  const to = choice.release.id
  const color = COLORS.find((each) => runningRelease(world, each) === to)
  const needed =
    color === undefined ? choice.release.images : imagesOfRemoved(world, { ...choice.release, color })
  const { gone, ...again } = judgeRelease(needed, needed.length === 0 ? [] : await platform.images())
  if (gone.length > 0) return { ready: false, failure: { code: 'images-gone', id: to, images: gone } }
  const way = color === undefined ? 'from-snapshot' : 'warm'
  return { ready: true, to, color: color ?? otherColor(active), way, ...again }
}
