import { classifyServices, unknownConfiguredServices } from '../domain/classify.ts'
import type { Color } from '../domain/color.ts'
import type { ComposeModel } from '../domain/compose-model.ts'
import { Expected } from '../domain/failure.ts'
import { holdTag } from '../domain/hold-tag.ts'
import type { RefusalAt } from '../domain/refusal.ts'
import { releaseId } from '../domain/release.ts'
import { refusedRoutes, routesFromPorts } from '../domain/routes.ts'
import type { ClassifiedService, Route } from '../domain/service.ts'
import type { Diagnostic } from '../domain/settings.ts'
import { splitModel } from '../domain/split.ts'
import type { Context } from './command.ts'
import type { Candidate } from './run.ts'

export type Draft = Candidate & {
  /** The user's own model, before it was split. */
  original: ComposeModel
  bothWrite: { volume: string; services: string[] }[]
}

/** Reads the user's compose files and makes of them the release that would run in a color. */
export async function draftRelease(context: Context, target: { color: Color; at: Date }): Promise<Draft> {
  const { ports, settings } = context
  const original = await ports.platform.model()
  const services = await classify(context, original)
  const routes = await findRoutes(context, original, services)
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
  if ('refusals' in split) throw await refused(context, split.refusals)
  return {
    release,
    services,
    routes,
    links: split.links,
    volumes: split.volumes,
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

async function classify(context: Context, model: ComposeModel): Promise<ClassifiedService[]> {
  const configured = Object.fromEntries(
    Object.entries(context.settings.services).map(([name, service]) => [name, service.class]),
  )
  const unknown = unknownConfiguredServices(model, context.settings.services)
  if (unknown.length > 0) {
    throw new Expected({
      code: 'settings-invalid',
      diagnostics: unknown.map((name) => ({
        place: undefined,
        path: `services.${name}`,
        message: `the compose file has no service "${name}"`,
        hint: `its services are ${Object.keys(model.services).join(', ')}`,
      })),
    })
  }
  return classifyServices(model, configured)
}

async function findRoutes(
  context: Context,
  model: ComposeModel,
  services: ClassifiedService[],
): Promise<Route[]> {
  const configured = [...context.settings.routes]
  const found =
    configured.length > 0
      ? { routes: configured, refusals: refusedRoutes({ model, classes: services, routes: configured }) }
      : routesFromPorts(model, services)
  if (found.refusals.length > 0) throw await refused(context, found.refusals)
  if (found.routes.length > 0) return found.routes
  throw await refused(context, [
    {
      path: ['services'],
      message: 'no service publishes a port that users could be sent to',
      hint: 'give the web service `ports: ["8080:3000"]`, or name `routes:` in upgrade.yaml',
    },
  ])
}

async function refused({ ports }: Context, refusals: readonly RefusalAt[]): Promise<Expected> {
  const diagnostics: Diagnostic[] = await Promise.all(
    refusals.map(async ({ path, message, hint }) => ({
      place: await ports.locator.locate(path),
      path: path.join('.'),
      message,
      hint,
    })),
  )
  return new Expected({ code: 'compose-refused', refusals: diagnostics })
}
