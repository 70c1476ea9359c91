import type { Color } from '../../domain/color.ts'
import { Expected } from '../../domain/failure.ts'
import type { Site, Upstream } from '../../domain/site.ts'
import { askManagement } from './management.ts'
import { waitFor } from './wait-for.ts'

const PAUSE_MS = 20
// A question about a name that is lost, or that Docker passes on in vain, nginx asks again after 5 s; where ten apps came up
// at once, 10 s were too few.
const TIMEOUT_MS = 20_000
const REQUEST_TIMEOUT_MS = 5_000

/**
 * Every upstream of a color takes connections through the address book that users' requests will use. nginx
 * looks names up in the background, once a second: right after a color came up, its book may still be empty, and
 * users would get 502. An upstream that the running generation does not know is left out.
 */
export async function awaitUpstreams(site: Site, color: Color): Promise<void> {
  const used = new Set(site.listeners.flatMap((listener) => listener.routes.map((route) => route[color])))
  const upstreams = site.upstreams.filter((upstream) => used.has(upstream.name))
  await Promise.all(upstreams.map((upstream) => awaitUpstream(site.managementPort, upstream)))
}

async function awaitUpstream(managementPort: number, upstream: Upstream): Promise<void> {
  const { color, name, service } = upstream
  let evidence = ''
  const reached = await waitFor(
    async () => {
      const path = `/upstream/${name}/`
      const answer = await askManagement(managementPort, path, REQUEST_TIMEOUT_MS).catch((error: Error) => {
        // An nginx that starts does not listen yet.
        evidence = `nginx itself gave no answer: ${error.message}`
      })
      if (answer === undefined) return undefined
      const { status, headers } = answer
      const connect = headers['x-verdigris-connect']
      evidence = connect === undefined ? `answered ${status}` : 'no connection'
      if (connect === undefined) return status === 404 ? true : undefined
      return /\d$/.test(String(connect)) || undefined
    },
    { timeoutMs: TIMEOUT_MS, pauseMs: PAUSE_MS },
  )
  if (!reached) throw new Expected({ code: 'standby-unhealthy', color, service, evidence })
}
