import type { ComposeAttachment, ComposeNetwork } from '../compose-model.ts'
import { LABEL } from '../labels.ts'
import { upstreamHost } from '../site.ts'
import { linkedAliases } from './links.ts'
import { attachmentsOf, type Parts, serviceOf, without } from './parts.ts'

/**
 * The networks of a color: each one that its services join, without its name, so that Compose names it after the
 * color's project. No release label: a later release must not have Compose replace a network in use.
 */
export function colorNetworks(parts: Parts): Record<string, ComposeNetwork> {
  const keys = new Set(parts.inColor.flatMap((name) => Object.keys(attachmentsOf(serviceOf(parts, name)))))
  return Object.fromEntries(
    [...keys].sort().map((key) => {
      const network = parts.model.networks?.[key] ?? {}
      const labels = { ...labelsOf(network), [LABEL.app]: parts.app, [LABEL.color]: parts.color }
      return [key, { ...without(network, ['name']), labels }]
    }),
  )
}

/**
 * How a service joins its networks: as before, and by the name that no container of the other color has. The
 * container's own name is an alias too: Docker resolved it before, and the color has no `container_name`.
 */
export function colorAttachments(parts: Parts, name: string): Record<string, ComposeAttachment> {
  const service = serviceOf(parts, name)
  const own = service.container_name === undefined ? [] : [service.container_name]
  return Object.fromEntries(
    Object.entries(attachmentsOf(service)).map(([key, attachment]) => {
      const linked = linkedAliases(parts, { service: name, network: key })
      const unique = upstreamHost(name, parts.color, parts.app)
      const aliases = [...new Set([...(attachment?.aliases ?? []), ...own, ...linked, unique])]
      return [key, { ...attachment, aliases }]
    }),
  )
}

function labelsOf(network: ComposeNetwork): Record<string, unknown> {
  return typeof network.labels === 'object' ? { ...network.labels } : {}
}
