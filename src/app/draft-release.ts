import type { Color } from '../domain/color.ts'
import type { ComposeModel } from '../domain/compose-model.ts'
import { Expected, failureOf } from '../domain/failure.ts'
import { resolvedHashes } from '../domain/fingerprint.ts'
import { holdTag } from '../domain/hold-tag.ts'
import { onePerPlace, type RefusalAt } from '../domain/refusal.ts'
import { releaseId } from '../domain/release.ts'
import { type FoundRoutes, refusedRoutes, routesFromPorts } from '../domain/routes.ts'
import type { ClassifiedService } from '../domain/service.ts'
import type { Diagnostic, Settings } from '../domain/settings.ts'
import type { Definitions } from '../domain/shared-services.ts'
import { splitModel } from '../domain/split.ts'
import { withTlsRoutes } from '../domain/tls-routes.ts'
import { classifyOrRefuse } from './classify-or-refuse.ts'
import type { Locator, Machine } from './ports/machine.ts'
import type { Platform } from './ports/platform.ts'
import type { Candidate } from './run.ts'

export type Draft = Candidate & {
  /** The user's own model, before it was split. */
  original: ComposeModel
  bothWrite: { volume: string; services: string[] }[]
}

/** What a draft is made of: any command has it. */
export type Drafting = {
  ports: {
    platform: Pick<Platform, 'model' | 'definitions'>
    machine: Pick<Machine, 'hash'>
    locator: Locator
  }
  settings: Settings
}

type Target = {
  color: Color
  at: Date
  /** Compose's hashes of shared services, told without Compose; undefined: it must be asked. */
  remember?: (resolved: Definitions) => Definitions | undefined
}

/** Reads the user's compose files and makes of them the release that would run in a color. */
export async function draftRelease(context: Drafting, target: Target): Promise<Draft> {
  const { ports, settings } = context
  const original = await modelOrRefuse(context)
  const services = await classifyOrRefuse(context, original)
  const { refusals, routes } = findRoutes(context, original, services)
  const release = releaseId(target.color, target.at)
  const own = services.filter((service) => service.class !== 'shared').map((service) => service.name)
  const images = Object.fromEntries(
    own.map((name) => [name, holdTag({ app: settings.app, service: name, release })]),
  )
  const split = splitModel({
    model: original,
    app: settings.app,
    color: target.color,
    release,
    classes: services,
    routes,
    images,
  })
  if ('refusals' in split) throw await refused(context, [...refusals, ...split.refusals])
  if (refusals.length > 0) throw await refused(context, refusals)
  const resolved = resolvedHashes(original, { services: split.shared, hash: ports.machine.hash })
  return {
    release,
    services,
    routes,
    links: split.links,
    volumes: split.volumes,
    definitions: target.remember?.(resolved) ?? (await definitionsOf(ports.platform, split.shared)),
    resolved,
    images: own.map((name) => ({
      service: name,
      image: original.services[name]?.image ?? `${settings.app}-${name}`,
      id: '',
      digest: undefined,
      tag: images[name] ?? '',
    })),
    fingerprint: '',
    model: split.color,
    restoredFrom: undefined,
    original,
    bothWrite: split.bothWrite,
  }
}

/** The resolved compose files; what Compose refuses in them gets its place. */
async function modelOrRefuse({ ports }: Drafting): Promise<ComposeModel> {
  try {
    return await ports.platform.model()
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'compose-file-invalid') throw error
    throw new Expected({ ...failure, place: await ports.locator.ofFault(failure.output) }, error)
  }
}

/** Compose is asked once more for these, and not at all where nothing is shared. */
async function definitionsOf(
  platform: Pick<Platform, 'definitions'>,
  shared: readonly string[],
): Promise<Definitions> {
  if (shared.length === 0) return {}
  const definitions = Object.entries(await platform.definitions())
  return Object.fromEntries(definitions.filter(([name]) => shared.includes(name)))
}

function findRoutes({ settings }: Drafting, model: ComposeModel, classes: ClassifiedService[]): FoundRoutes {
  const routes = [...settings.routes]
  const { tls } = settings.delivery
  if (routes.length > 0) {
    return { routes: withTlsRoutes(routes, tls), refusals: refusedRoutes({ model, classes, routes }) }
  }
  const published = routesFromPorts(model, classes)
  const found = { ...published, routes: withTlsRoutes(published.routes, tls) }
  return found.routes.length + found.refusals.length > 0 ? found : { routes, refusals: [NO_ROUTE] }
}

const NO_ROUTE: RefusalAt = {
  path: ['services'],
  message: 'No service publishes a port that users could be sent to.',
  hint: 'Give the web service `ports: ["8080:3000"]`, or name `routes:` in upgrade.yaml.',
}

async function refused({ ports }: Drafting, refusals: readonly RefusalAt[]): Promise<Expected> {
  const diagnostics: Diagnostic[] = await Promise.all(
    onePerPlace(refusals).map(async ({ path, message, hint }) => ({
      place: await (path[0] === 'routes' ? ports.locator.inSettings(path) : ports.locator.inCompose(path)),
      path: path.join('.'),
      message,
      hint,
    })),
  )
  return new Expected({ code: 'compose-refused', refusals: diagnostics })
}
