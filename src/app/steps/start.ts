import { type Color, colorProject } from '../../domain/color.ts'
import type { SharedLink } from '../../domain/service.ts'
import type { Site } from '../../domain/site.ts'
import type { Link, Platform } from '../ports/platform.ts'
import { type Run, targetProject } from '../run.ts'
import type { StepResult } from '../run-plan.ts'
import { waitDrained } from '../wait-drained.ts'
import { installTables, listenPorts, nextSite } from './site.ts'

/** Starts the candidate in the standby color, where nginx can reach it and no user does. */
export async function startStandby(run: Run): Promise<StepResult> {
  const { platform } = run.ports
  await letOldRequestsEnd(run)
  const project = targetProject(run)
  await platform.ensureVolumes(run.candidate.volumes)
  await platform.ensureNetworks(project.project, run.candidate.model?.networks ?? {})
  if (run.candidate.links.length > 0 || run.candidate.services.some((each) => each.class === 'singleton')) {
    // Services look their database up the moment they start: the networks must lead to it by then.
    await platform.create(project)
    await linkShared(platform, {
      app: run.settings.app,
      project: project.project,
      links: run.candidate.links,
    })
  }
  const starting = platform.up(project)
  // Both must have ended before either's failure is heard: the way back removes what they make.
  const made = await Promise.allSettled<unknown>([
    starting,
    ensureProxy(run).then(() => joinWhileStarting(run, starting)),
  ])
  for (const each of made) if (each.status === 'rejected') throw each.reason
  await installTables(run, 'start')
  return undefined
}

async function joinColor(run: Run, color: Color): Promise<void> {
  const { platform, proxy } = run.ports
  const networks = await platform.networks(colorProject(run.settings.app, color))
  await proxy.join(networks.map((network) => network.name))
}

/** nginx joins the color's networks while its containers still start: either takes the engine as long. */
async function joinWhileStarting(run: Run, starting: Promise<void>): Promise<unknown> {
  const { machine, platform, proxy } = run.ports
  const expected = Object.keys(run.candidate.model?.networks ?? {}).length
  let ended = false
  starting
    .finally(() => {
      ended = true
    })
    .catch(() => {})
  for (;;) {
    const last = ended
    const networks = await platform.networks(targetProject(run).project)
    if (networks.length >= expected || last) return proxy.join(networks.map((network) => network.name))
    await machine.sleep(20)
  }
}

/** What was joined to a network that it was not on. */
export type Joined = { service: string; network: string }

/** Joins the shared containers that run to the networks of a color, by the names its services use. */
export async function linkShared(
  platform: Platform,
  target: { app: string; project: string; links: readonly SharedLink[] },
): Promise<Joined[]> {
  const [containers, networks] = await Promise.all([
    platform.containers([target.app]),
    platform.networks(target.project),
  ])
  const links: Link[] = []
  for (const { service, networks: keys, aliases } of target.links) {
    for (const container of containers.filter((each) => each.service === service && !each.oneOff)) {
      for (const network of networks.filter((each) => keys.includes(each.key))) {
        links.push({ container: container.id, network: network.name, aliases })
      }
    }
  }
  const made = await platform.connect(links)
  const serviceOf = (id: string) => containers.find((each) => each.id === id)?.service ?? id
  return made.map(({ container, network }) => ({ service: serviceOf(container), network }))
}

/** Requests that the last switch left on this color end before its containers are replaced. */
async function letOldRequestsEnd(run: Run): Promise<void> {
  const project = colorProject(run.settings.app, run.target)
  if (!run.world.containers.some((container) => container.project === project)) return
  if (run.world.proxy.state !== 'running') return
  await waitDrained(run, run.target, (text) => run.emit({ type: 'step-progress', step: 'start', text }))
}

/** The app's proxy runs; a new one begins with a configuration that sends users nowhere yet. */
async function ensureProxy(run: Run): Promise<void> {
  const { proxy } = run.ports
  if (run.madeProxy) run.emit({ type: 'note', note: { note: 'setting-up', what: 'proxy' } })
  else if (run.world.proxy.state === 'absent')
    run.emit({ type: 'note', note: { note: 'proxy-rebuilt', leadsTo: run.from } })
  let first: Site | undefined
  await proxy.ensure(
    (ports) => {
      first = nextSite(run, run.from, ports)
      return first
    },
    { listen: listenPorts(run), recreate: false, users: run.takesPorts ? 'later' : 'now' },
  )
  if (first === undefined) return
  run.site = first
  run.lastGeneration = first.generation
  // Whom users are on was not lost with the proxy: they are led there again at once, not only after the switch.
  if (run.from !== undefined) await joinColor(run, run.from)
}
