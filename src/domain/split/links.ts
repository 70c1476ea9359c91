import type { RefusalAt } from '../refusal.ts'
import type { SharedLink } from '../service.ts'
import { splitLink } from './cut-links.ts'
import { attachmentsOf, mayName, type Parts, serviceOf, stringsOf } from './parts.ts'

/**
 * Which shared services a color must be joined by: on each network that both joined in the original file. A
 * service with different aliases on different networks has several links.
 */
export function sharedLinks(parts: Parts): SharedLink[] {
  const inUse = new Set(parts.inColor.flatMap((name) => Object.keys(attachmentsOf(serviceOf(parts, name)))))
  return parts.shared.flatMap((service) => {
    const links = new Map<string, SharedLink>()
    for (const [network, attachment] of Object.entries(attachmentsOf(serviceOf(parts, service))).sort(
      byKey,
    )) {
      if (!inUse.has(network)) continue
      const declared = attachment?.aliases ?? []
      const aliases = [...new Set([service, ...declared, ...linkedAliases(parts, { service, network })])]
      const link = links.get(JSON.stringify(aliases))
      if (link === undefined) links.set(JSON.stringify(aliases), { service, networks: [network], aliases })
      else link.networks.push(network)
    }
    return [...links.values()]
  })
}

/** Names that `links: [service:name]` of others give a service on a network, where the link itself cannot stay. */
export function linkedAliases(parts: Parts, target: { service: string; network: string }): string[] {
  const { service, network } = target
  return (parts.cutLinks.get(service) ?? [])
    .filter((link) => link.networks.includes(network) && link.alias !== service)
    .map((link) => link.alias)
}

/** The `links:` of a service that stay: those to services that run beside it. */
export function keptLinks(parts: Parts, name: string): string[] {
  return stringsOf(serviceOf(parts, name).links).filter((link) =>
    mayName(parts.classOf(name), parts.classOf(splitLink(link).target)),
  )
}

/** Links that were cut and that no alias can stand in for. */
export function refusedLinks(parts: Parts): RefusalAt[] {
  const names = namesOnNetworks(parts)
  return [...parts.cutLinks.values()].flat().flatMap(({ from, link, target, alias, networks }) => {
    const path = ['services', from, 'links', link]
    if (networks.length === 0) {
      return {
        path,
        message: `\`${from}\` links to \`${target}\`, which is ${parts.classOf(target)}, without sharing a network with it.`,
        hint: `Give both a network in common under \`networks:\` and remove the link.`,
      }
    }
    const bearers = networks.flatMap((network) => names.get(JSON.stringify([network, alias])) ?? [])
    const other = alias === target ? undefined : bearers.find((bearer) => bearer !== target)
    if (other === undefined) return []
    return {
      path,
      message: `\`${from}\` calls \`${target}\` by the name \`${alias}\`, which \`${other}\` has on the same network.`,
      hint: `Let \`${from}\` use the name \`${target}\` and remove the link.`,
    }
  })
}

/** [network, name] → the services that bear it there, by their own name or an alias. */
function namesOnNetworks(parts: Parts): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const service of Object.keys(parts.model.services)) {
    for (const [network, attachment] of Object.entries(attachmentsOf(serviceOf(parts, service)))) {
      for (const name of new Set([service, ...(attachment?.aliases ?? [])])) {
        const key = JSON.stringify([network, name])
        const known = names.get(key)
        if (known === undefined) names.set(key, [service])
        else known.push(service)
      }
    }
  }
  return names
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}
