import { buildSite, routesOfSite, sameUpstreams } from '../../domain/build-site.ts'
import { type Color, otherColor } from '../../domain/color.ts'
import type { Delivery } from '../../domain/delivery.ts'
import { type FailureCode, failureOf } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import type { StepId } from '../../domain/steps.ts'
import type { Proxy, ProxyPorts } from '../ports/proxy.ts'
import type { Candidate, Run } from '../run.ts'
import { untilNone } from '../until-none.ts'

/** The generation that follows the installed one: the target color's table is the candidate's. */
export function nextSite(run: Run, active: Color | undefined, ports: ProxyPorts): Site {
  const { settings, site, target } = run
  return siteFor({
    app: settings.app,
    generation: run.lastGeneration + 1,
    active,
    target,
    candidate: run.candidate,
    installed: site,
    ports,
    drainTimeoutMs: settings.drainTimeoutMs,
    delivery: settings.delivery,
  })
}

export type SiteWish = {
  app: string
  generation: number
  active: Color | undefined
  target: Color
  candidate: Pick<Candidate, 'release' | 'routes'>
  installed: Site | undefined
  ports: ProxyPorts
  drainTimeoutMs: number
  delivery: Delivery
}

/** A site in which the target color is the candidate's and the other color stays as it is installed. */
export function siteFor(wish: SiteWish): Site {
  const other = otherColor(wish.target)
  const stays = wish.installed?.releases[other]
  return buildSite({
    app: wish.app,
    generation: wish.generation,
    active: wish.active,
    colors: {
      [wish.target]: { release: wish.candidate.release, routes: wish.candidate.routes },
      ...(wish.installed !== undefined && stays !== undefined
        ? { [other]: { release: stays, routes: routesOfSite(wish.installed, other) } }
        : {}),
    },
    ports: wish.ports,
    drainTimeoutMs: wish.drainTimeoutMs,
    delivery: wish.delivery,
  })
}

export function listenPorts(run: Run): number[] {
  const kept = run.site?.listeners.map((listener) => listener.port) ?? []
  return [...new Set([...kept, ...run.candidate.routes.map((route) => route.listen)])].sort((a, b) => a - b)
}

/**
 * Makes a site the one nginx serves: where nothing but its color differs from what nginx serves already, by marks alone;
 * else as a generation of its own, whose number is used up even if nginx refuses it.
 */
export async function installSite(run: Run, site: Site): Promise<'led' | 'installed'> {
  const before = run.siteMoved
  run.siteMoved = true
  try {
    const generation = await run.ports.proxy.lead(site)
    if (generation !== undefined) {
      if (site.active === run.site?.active) run.siteMoved = before
      run.site = { ...site, generation }
      return 'led'
    }
    run.lastGeneration = site.generation
    await run.ports.proxy.install(site)
  } catch (error) {
    if (isRefusal(error)) run.siteMoved = before
    throw error
  }
  run.site = site
  return 'installed'
}

const REFUSALS: readonly FailureCode[] = [
  'nginx-refused',
  'template-failed',
  'file-unusable',
  'file-failed',
  'standby-unhealthy',
]

/**
 * nginx tests a candidate before anything moves: one that is refused or cannot be written, or leads to a color that
 * has just ended, users never saw.
 */
export function isRefusal(error: unknown): boolean {
  const code = failureOf(error)?.code
  return code !== undefined && REFUSALS.includes(code)
}

/**
 * Gives nginx all that the candidate needs while users stay where they are: at the switch every worker, old ones
 * too, sends requests through a table that it has already resolved, and a mark is all that is left to make. Addresses
 * come early; what else is new waits for the switch, for a reload is what long connections end by. Returns the site with
 * these addresses.
 */
export async function installTables(run: Run, step: 'start' | 'switch'): Promise<Site> {
  const { proxy } = run.ports
  const { from, site } = run
  const next = nextSite(run, from, await proxy.ports(listenPorts(run)))
  // It is made anew, with all of it.
  if (run.takesPorts && step === 'switch') return next
  const knowsAll = site !== undefined && sameUpstreams(site, next)
  if (knowsAll && step === 'start') return next
  if ((await installSite(run, next)) === 'led') return next
  // A reload that exits 0 may have had no effect; and workers that know the old addresses only must have ceased to
  // accept, for no mark moves them.
  await proxy.confirm(next.generation, { times: 5, timeoutMs: 5_000, leads: knowsAll ? from : undefined })
  if (!knowsAll && from !== undefined) await idleOnesEnd(run, step)
  return next
}

// What keepalive_min_timeout gives idle connections of an old worker, and a moment.
const IDLE_MS = 11_000

/**
 * A connection to a worker that knows the old addresses only would have its next request answered by the color before,
 * moved users or not. Idle ones end by then; what is left has a request already, and ends with its answer.
 */
async function idleOnesEnd({ emit, ports }: Run, step: StepId): Promise<void> {
  await untilNone(ports.machine, {
    timeoutMs: IDLE_MS,
    look: () => ports.proxy.oldWorkers(),
    say: () => emit({ type: 'step-progress', step, text: 'idle connections that know other addresses end' }),
  })
}

/** The way back: nginx forgets the candidate and knows again what it knew before. */
export async function restoreTables(run: Run): Promise<void> {
  const { before, from, lastGeneration, ports } = run
  if (before === undefined) return
  await serveAgain(ports.proxy, { site: before, color: from, next: lastGeneration + 1 })
}

/** An earlier site serves again with the files that it had, or, where these are gone, under the next number. */
export async function serveAgain(
  proxy: Proxy,
  { color, next, site }: { site: Site; color: Color | undefined; next: number },
): Promise<void> {
  const limits = { times: 5, timeoutMs: 5_000, leads: color }
  try {
    await proxy.reinstate(site.generation, color)
    await proxy.confirm(site.generation, limits)
  } catch (error) {
    if (failureOf(error)?.code !== 'command-failed') throw error
    await proxy.install({ ...site, active: color, generation: next })
    await proxy.confirm(next, limits)
  }
}
