import { type Color, colorProject } from '../../domain/color.ts'
import { Expected } from '../../domain/failure.ts'
import type { Site, Upstream } from '../../domain/site.ts'
import type { ProxyDriver } from './driver.ts'
import { askManagement } from './management.ts'
import { waitFor } from './wait-for.ts'

const PAUSE_MS = 20
// A question about a name that is lost, or that Docker passes on in vain, nginx asks again after 5 s; where ten apps came up
// at once, 10 s were too few.
const TIMEOUT_MS = 20_000
const REQUEST_TIMEOUT_MS = 5_000
// A name that nginx looks up once a second is worth no question before.
const LOOK_EVERY_MS = 1_000

/**
 * Every upstream of a color takes connections through the address book that users' requests will use. nginx
 * looks names up in the background, once a second: right after a color came up, its book may still be empty, and
 * users would get 502. An upstream that the running generation does not know is left out; one whose containers have
 * all ended is not waited for: `standby-unhealthy`.
 */
export async function awaitUpstreams(driver: ProxyDriver, site: Site, color: Color): Promise<void> {
  const used = new Set(site.listeners.flatMap((listener) => listener.routes.map((route) => route[color])))
  const upstreams = site.upstreams.filter((upstream) => used.has(upstream.name))
  const project = colorProject(site.app, color)
  await Promise.all(
    upstreams.map((upstream) =>
      awaitUpstream(site.managementPort, upstream, () => driver.mayRun(project, upstream.service)),
    ),
  )
}

async function awaitUpstream(
  managementPort: number,
  { color, name, service }: Upstream,
  mayRun: () => Promise<boolean>,
): Promise<void> {
  let evidence = ''
  let nextLookAt = performance.now() + LOOK_EVERY_MS
  const reached = await waitFor(
    async () => {
      const path = `/upstream/${name}/`
      const answer = await askManagement(managementPort, path, REQUEST_TIMEOUT_MS).catch((error: Error) => {
        // An nginx that starts does not listen yet.
        evidence = `nginx itself gave no answer: ${error.message}`
      })
      if (answer !== undefined) {
        const { status, headers } = answer
        const connect = headers['x-verdigris-connect']
        evidence = connect === undefined ? `answered ${status}` : 'no connection'
        if (connect === undefined ? status === 404 : /\d$/.test(String(connect))) return true
      }
      if (performance.now() < nextLookAt) return undefined
      nextLookAt += LOOK_EVERY_MS
      // Whoever cannot be asked about containers is no reason to give up on them.
      if (await mayRun().catch(() => true)) return undefined
      evidence = 'no container of it runs any more'
      return false
    },
    { timeoutMs: TIMEOUT_MS, pauseMs: PAUSE_MS },
  )
  if (!reached) throw new Expected({ code: 'standby-unhealthy', color, service, evidence })
}
