import type { ComposeService } from '../compose-model.ts'
import { LABEL, PROFILE } from '../labels.ts'
import { runsAlways } from '../restart-policy.ts'
import { keptDependencies } from './dependencies.ts'
import { keptLinks } from './links.ts'
import { colorAttachments } from './networks.ts'
import { type Parts, serviceOf, without } from './parts.ts'

/** One service as it stands in the color's project. Everything that is not named here stays as it was. */
export function colorService(parts: Parts, name: string): ComposeService {
  const service = serviceOf(parts, name)
  const serviceClass = parts.classOf(name)
  const kept = without(service, [
    ...(['build', 'pull_policy', 'profiles', 'container_name', 'ports'] as const),
    ...(['image', 'depends_on', 'links', 'networks', 'expose', 'labels'] as const),
  ])
  const dependencies = keptDependencies(parts, name)
  const links = keptLinks(parts, name)
  const exposed = exposedPorts(parts, name)
  return {
    ...kept,
    ...runImage(parts, name),
    ...(Object.keys(dependencies).length > 0 && { depends_on: dependencies }),
    ...(links.length > 0 && { links }),
    ...(exposed.length > 0 && { expose: exposed }),
    ...(service.network_mode === undefined && { networks: colorAttachments(parts, name) }),
    ...(serviceClass === 'singleton' && stayingStopped(service)),
    ...((serviceClass === 'job' || serviceClass === 'singleton') && { profiles: [PROFILE[serviceClass]] }),
    labels: {
      ...service.labels,
      [LABEL.app]: parts.app,
      [LABEL.color]: parts.color,
      [LABEL.release]: parts.release,
      [LABEL.serviceClass]: serviceClass,
    },
  }
}

/** Docker starts an `always` container with itself, stopped or not: then two of them would run after a reboot. */
function stayingStopped(service: ComposeService): Pick<ComposeService, 'restart' | 'deploy'> {
  if (!runsAlways(service)) return {}
  const { deploy } = service
  const policy = deploy?.restart_policy
  if (typeof policy !== 'object') return { restart: 'unless-stopped' }
  return { deploy: { ...deploy, restart_policy: { ...policy, condition: 'unless-stopped' } } }
}

/**
 * The held tag, which no registry has: `never` lets `up` start it offline, and say that it is gone when it is,
 * where any other policy would ask a registry that does not exist.
 */
function runImage(parts: Parts, name: string): Pick<ComposeService, 'image' | 'pull_policy'> {
  const held = Object.hasOwn(parts.images, name) ? parts.images[name] : undefined
  if (held !== undefined) return { image: held, pull_policy: 'never' }
  // Compose names a built image after its project, which is the base project, not the color's.
  return { image: serviceOf(parts, name).image ?? `${parts.model.name ?? parts.app}-${name}` }
}

function exposedPorts(parts: Parts, name: string): (string | number)[] {
  const declared = serviceOf(parts, name).expose ?? []
  const routed = parts.routes.filter((route) => route.service === name).map((route) => route.port)
  const missing = [...new Set(routed)].filter(
    (port) => !declared.some((known) => String(known) === `${port}`),
  )
  return [...declared, ...missing.sort((a, b) => a - b).map(String)]
}
