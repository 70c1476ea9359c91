import { buildSite, routesOfSite, sameUpstreams } from '../../domain/build-site.ts'
import { type Color, otherColor } from '../../domain/color.ts'
import type { Delivery } from '../../domain/delivery.ts'
import { type FailureCode, failureOf } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import type { ProxyPorts } from '../ports/proxy.ts'
import type { Candidate, Run } from '../run.ts'

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

/** Makes a site the one nginx serves; its number is used up even if nginx refuses it. */
export async function installSite(run: Run, site: Site): Promise<void> {
  run.lastGeneration = site.generation
  const before = run.siteMoved
  run.siteMoved = true
  try {
    await run.ports.proxy.install(site)
  } catch (error) {
    if (isRefusal(error)) run.siteMoved = before
    throw error
  }
  run.site = site
}

const REFUSALS: readonly FailureCode[] = ['nginx-refused', 'template-failed', 'file-unusable', 'file-failed']

/** nginx tests a candidate before anything moves: one that is refused or cannot be written, users never saw. */
export function isRefusal(error: unknown): boolean {
  const code = failureOf(error)?.code
  return code !== undefined && REFUSALS.includes(code)
}

/**
 * Gives nginx the candidate's addresses while users stay where they are: at the switch every worker, old ones
 * too, sends requests through a table that it has already resolved. Returns the site with these addresses.
 */
export async function installTables(run: Run): Promise<Site> {
  const { proxy } = run.ports
  const next = nextSite(run, run.from, await proxy.ports(listenPorts(run)))
  if (run.site !== undefined && sameUpstreams(run.site, next)) return next
  await installSite(run, next)
  // A reload that exits 0 may have had no effect; and workers that know the old addresses only must have ceased to
  // accept, for no mark moves them.
  await proxy.confirm(next.generation, { times: 5, timeoutMs: 5_000 })
  return next
}

/** The way back: nginx forgets the candidate's addresses and knows again those it knew before. */
export async function restoreTables(run: Run): Promise<void> {
  if (run.before === undefined || !run.siteMoved) return
  await installSite(run, { ...run.before, generation: run.lastGeneration + 1 })
}
