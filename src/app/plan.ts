import { type Adoption, EXPECTED_GAP_MS, servingContainers } from '../domain/adoption.ts'
import { otherColor } from '../domain/color.ts'
import { observedActive } from '../domain/drift.ts'
import type { World } from '../domain/facts.ts'
import { diffReleases, environmentHashes } from '../domain/fingerprint.ts'
import { hooksSet } from '../domain/hooks.ts'
import { jobsOf } from '../domain/jobs.ts'
import { lineDiff } from '../domain/line-diff.ts'
import { countClasses, planPerform } from '../domain/plan.ts'
import type { Metadata } from '../domain/release.ts'
import { runningRelease } from '../domain/running-release.ts'
import { differingShared, rememberedDefinitions } from '../domain/shared-services.ts'
import { gatherAdoption } from './adoption.ts'
import { type Draft, type Drafting, draftRelease } from './draft-release.ts'
import type { PerformOptions } from './perform.ts'
import type { Machine } from './ports/machine.ts'
import type { Platform } from './ports/platform.ts'
import type { Proxy } from './ports/proxy.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { isSameRelease } from './same-release.ts'
import { siteFor } from './steps/site.ts'
import type { DowntimeWarning, ImageChange, PlanView } from './views.ts'
import { type Eyes, observeWorld } from './world.ts'

/** What a plan looks at; it changes nothing. */
export type Planning = Drafting & {
  ports: Eyes & {
    platform: Pick<Platform, 'attachments' | 'image'>
    proxy: Pick<Proxy, 'current' | 'ports' | 'render'>
    machine: Pick<Machine, 'now' | 'realPath'>
  }
}

/** What `perform` would do, as far as it can be known without doing any of it. */
export async function plan(
  context: Planning,
  { changedShared }: Pick<PerformOptions, 'changedShared'>,
): Promise<PlanView> {
  const { ports, settings } = context
  const world = await observeWorld(ports, settings.app)
  await refuseForeign({ machine: ports.machine, settings }, world)
  const active = observedActive(world)
  const target = active === undefined ? 'blue' : otherColor(active)
  const draft = await draftRelease(context, {
    color: target,
    at: ports.machine.now(),
    remember: (resolved) => rememberedDefinitions(resolved, world),
  })
  const serving = active === undefined ? undefined : runningRelease(world, active)
  const before = world.records.snapshots.find((snapshot) => snapshot.id === serving)
  const changed = differingShared(draft.definitions, world)
  const sharedWarnings: DowntimeWarning[] =
    changed.length > 0 ? [{ warning: 'shared-changed', services: changed, fate: changedShared }] : []
  const goesOn = changedShared === 'recreate' && changed.length > 0
  const adoption = await gatherAdoption(context, world, draft.services)
  const images = await imageChanges(context, draft, before)
  const environment = diffReleases(before, {
    images: draft.images,
    services: draft.services,
    environment: environmentHashes(draft.original, ports.machine.hash),
  }).environment
  return {
    view: 'plan',
    app: settings.app,
    command: 'perform',
    active,
    target,
    unchanged: !goesOn && before !== undefined && (await isSameRelease(context, draft, before)),
    services: draft.services,
    routes: draft.routes,
    images,
    environment,
    sharedVolumes: draft.bothWrite,
    nginxDiff: await nginxDiff(context, world, draft),
    steps: planPerform({
      ...countClasses(draft.services),
      jobs: jobsOf(draft.services, settings.migrate).length,
      smokeTests: settings.smoke.length,
      pullOrBuildAsked: true,
      healthAsked: true,
      autoSwitch: true,
      watchMs: settings.watchMs,
      cleanupAsked: settings.autoCleanup,
      somethingActive: active !== undefined,
      adopts: adoption !== undefined,
      hooks: hooksSet(settings.hooks),
    }).steps,
    downtime: [
      ...takenPorts(adoption, draft),
      ...sharedWarnings,
      ...(active === undefined && adoption === undefined ? [] : singletonGaps(draft)),
    ],
  }
}

async function imageChanges(
  { ports }: Planning,
  draft: Draft,
  before: Metadata | undefined,
): Promise<ImageChange[]> {
  const services = draft.original.services
  // What one service builds, others run without a word of how it is built.
  const built = draft.images.filter(({ service }) => services[service]?.build !== undefined)
  return Promise.all(
    draft.images.map(async ({ service, image }) => {
      const local = await ports.platform.image(image)
      const by = built.some((each) => each.image === image)
        ? 'build'
        : local === undefined
          ? 'pull'
          : 'present'
      return { service, from: before?.images.find((each) => each.service === service)?.image, to: image, by }
    }),
  )
}

/** What changes in nginx from now to after the switch. */
async function nginxDiff(context: Planning, world: World, draft: Draft): Promise<string> {
  const { ports, settings } = context
  const installed = world.proxy.state === 'absent' ? undefined : await ports.proxy.current()
  const listen = [...new Set(draft.routes.map((route) => route.listen))]
  const target = otherColor(observedActive(world) ?? 'green')
  const next = siteFor({
    app: settings.app,
    generation: (installed?.generation ?? 0) + 1,
    active: target,
    target,
    candidate: draft,
    installed,
    ports: await ports.proxy.ports(listen),
    drainTimeoutMs: settings.drainTimeoutMs,
    delivery: settings.delivery,
  })
  const [old, now] = await Promise.all([
    installed === undefined
      ? ''
      : ports.proxy.render({ ...installed, generation: next.generation, releases: next.releases }),
    ports.proxy.render(next),
  ])
  return lineDiff(old, now)
}

/** The ports change hands this once, from the app that plain Compose runs. */
function takenPorts(adoption: Adoption | undefined, { routes }: Draft): DowntimeWarning[] {
  if (adoption === undefined || adoption.attachments.length === 0) return []
  const containers = servingContainers(adoption)
  const ports = [...new Set(routes.map((route) => route.listen))]
  return [{ warning: 'first-run-takes-ports', ports, containers, gapMs: EXPECTED_GAP_MS }]
}

/** Of an app of which nothing runs yet, none runs before, either. */
function singletonGaps(draft: Draft): DowntimeWarning[] {
  const singletons = draft.services.filter((service) => service.class === 'singleton')
  return singletons.map((service) => ({ warning: 'singleton-gap', service: service.name }))
}
