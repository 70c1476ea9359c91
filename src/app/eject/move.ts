import { COLORS, colorProject } from '../../domain/color.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import type { Metadata } from '../../domain/release.ts'
import type { Route } from '../../domain/service.ts'
import type { HttpCheck } from '../../domain/settings.ts'
import type { Context } from '../command.ts'
import type { Journal } from '../ports/records.ts'
import { handBackSingletons, moveSingletons, type SingletonsOf, singletonsIn } from '../steps/singletons.ts'

const LOOK_EVERY_MS = 50

/** Where no check is configured any answer of the service itself counts. */
const ANY_ANSWER: HttpCheck = {
  path: '/',
  statuses: undefined,
  body: undefined,
  headers: {},
  requestTimeoutMs: 5_000,
}

/** What counts as an answer: what the settings ask of the release that users have, or any, of what they had before. */
export type Answers = 'as-configured' | 'any'

type Move = { journal: Journal; release: Metadata; routes: readonly Route[]; answers: Answers }

/**
 * The ports go from the proxy to the user's own containers, which are made and not started; singletons of the color
 * stop before. Returns for how long nobody answered, in ms; `eject-unanswered`.
 */
export async function moveToOwn(context: Context, move: Move): Promise<number> {
  const { journal, release, routes } = move
  const { machine, platform, proxy } = context.ports
  const { app } = context.settings
  const singletons = singletonsOfColor(context, release)
  const serving = (journal.ejects ?? []).filter((name) => !singletons.names.includes(name))
  const published = await publishing(context, serving)
  // What needs no port runs beside the color already: users wait for the others only.
  await platform.start(
    app,
    serving.filter((name) => !published.includes(name)),
  )
  await moveSingletons(context, { from: singletons, to: undefined })
  const beganMs = machine.now().getTime()
  await proxy.letGo()
  await platform.start(app, published)
  await Promise.all(routes.map((route) => answered(context, route, { beganMs, answers: move.answers })))
  const gapMs = machine.now().getTime() - beganMs
  if (singletons.names.length > 0) await platform.start(app, singletons.names)
  return gapMs
}

/** Those of the services whose containers publish ports. */
async function publishing({ ports, settings }: Context, services: readonly string[]): Promise<string[]> {
  const own = (await ports.platform.containers([settings.app])).filter(
    (each) => services.includes(each.service) && !each.oneOff,
  )
  const attached = await ports.platform.attachments(own.map(({ id }) => id))
  const containers = attached.map(({ container }) => container)
  return [...new Set(own.flatMap(({ id, service }) => (containers.includes(id) ? [service] : [])))]
}

async function answered(
  { ports, settings }: Context,
  route: Route,
  { answers, beganMs }: { answers: Answers; beganMs: number },
): Promise<void> {
  // A check is an HTTP/1.1 request, which a gRPC server has no answer for.
  if (route.protocol === 'grpc') return
  // What users had before may have come by other ports than the release that took them over.
  if (answers === 'any' && (await ports.platform.publisher(route.listen)) === undefined) return
  const configured = settings.services[route.service]?.check ?? settings.health.check
  const check = (answers === 'any' ? undefined : configured) ?? ANY_ANSWER
  const url = `http://127.0.0.1:${route.listen}${check.path}`
  for (;;) {
    const answer = await ports.http.ask(url, check)
    if (answer.kind === 'answered' && answer.ok) return
    const waitedMs = ports.machine.now().getTime() - beganMs
    if (waitedMs > settings.health.timeoutMs) {
      const evidence = answer.why ?? 'no good answer'
      throw new Expected({ code: 'eject-unanswered', port: route.listen, evidence, waitedMs })
    }
    await ports.machine.sleep(LOOK_EVERY_MS)
  }
}

/** The way back: the user's own containers end, and the proxy leads to the color again. */
export async function giveUsersBack(
  context: Context,
  { ejects = [], target }: Pick<Journal, 'ejects' | 'target'>,
  release: Metadata | undefined,
): Promise<void> {
  const { platform, proxy } = context.ports
  const { app } = context.settings
  const own = (await platform.containers([app])).filter(
    (each) => ejects.includes(each.service) && !each.oneOff && each.state === 'running',
  )
  // At once: users wait for the ports.
  await Promise.all(own.map(({ id }) => platform.signal(id, 'KILL').catch(unlessEnded)))
  await proxy.ensure(refuseFirstSite, { listen: [], recreate: false })
  const site = await proxy.current()
  if (site !== undefined) await proxy.awaitUpstreams(site, target)
  // Started for users, they would start with the engine, too.
  if (ejects.length > 0) await platform.stop(app, ejects)
  const singletons = release && singletonsOfColor(context, release)
  await handBackSingletons(context, { from: undefined, to: singletons })
}

/** Users are on their own containers: the proxy and the colors go, the records stay. */
export async function finishEject({ ports, settings }: Context): Promise<void> {
  await ports.proxy.remove()
  for (const color of COLORS) await ports.platform.remove(colorProject(settings.app, color))
  await ports.store.writeActive(undefined)
}

function singletonsOfColor({ settings }: Context, release: Metadata): SingletonsOf {
  return singletonsIn(settings.app, { color: release.color, release: release.id, services: release.services })
}

function unlessEnded(error: unknown): void {
  if (failureOf(error)?.code !== 'command-failed') throw error
}

function refuseFirstSite(): never {
  throw new Expected({ code: 'proxy-absent' })
}
