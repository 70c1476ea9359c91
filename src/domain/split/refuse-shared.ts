import type { ComposeMount, ComposePort } from '../compose-model.ts'
import { isDatabaseImage, isDataDirectory } from '../known-software.ts'
import type { RefusalAt } from '../refusal.ts'
import { writtenPort } from '../written-port.ts'
import { type Parts, serviceOf } from './parts.ts'

/** Ports of shared services that somebody else has: a route, which the proxy listens for, or another of them. */
export function refusedSharedPorts(parts: Parts): RefusalAt[] {
  const held: { name: string; port: ComposePort }[] = []
  return parts.shared.flatMap((name) =>
    (serviceOf(parts, name).ports ?? []).flatMap((port) => {
      const route = isTcp(port)
        ? parts.routes.find(({ listen }) => String(listen) === port.published)
        : undefined
      const other = held.find((each) => collide(each.port, port))
      held.push({ name, port })
      const holder = route?.service ?? other?.name
      if (holder === undefined) return []
      return {
        path: ['services', name, 'ports', writtenPort(port)],
        message: `\`${name}\` publishes port ${port.published}, which leads to \`${holder}\` already.`,
        hint: `Publish one of them on another port, \`"${Number(port.published) + 1}:${port.target}"\`.`,
      }
    }),
  )
}

function isTcp({ protocol }: ComposePort): boolean {
  return protocol === undefined || protocol === 'tcp'
}

function collide(one: ComposePort, other: ComposePort): boolean {
  const fixed = one.published !== undefined && one.published !== '' && /^[1-9]\d*$/.test(one.published)
  if (!fixed || one.published !== other.published || isTcp(one) !== isTcp(other)) return false
  return one.protocol === other.protocol || isTcp(one) ? meet(one.host_ip, other.host_ip) : false
}

function meet(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [one || '0.0.0.0', other || '0.0.0.0']
  if (a === b) return true
  // An address of one family says nothing of the other's.
  return a.includes(':') === b.includes(':') && [a, b].some((each) => each === '0.0.0.0' || each === '::')
}

/**
 * Two database servers on one data volume: each believes it is alone, and what they write destroys both. Whoever set the
 * class of either by hand knows of it; a service that ends (`completes-for`) or only reads is no second server.
 */
export function refusedDataVolumes(parts: Parts): RefusalAt[] {
  const servers = new Map<string, string>()
  const known = new Map(parts.classes.map((each) => [each.name, each.reason.because]))
  return parts.shared.flatMap((name) => {
    const because = known.get(name)
    const { image } = serviceOf(parts, name)
    if (because !== 'data-volume' && because !== 'known-image') return []
    if (image === undefined || !isDatabaseImage(image)) return []
    return dataMounts(parts, name).flatMap((mount) => {
      const place = JSON.stringify([mount.source, subpathOf(mount)])
      const first = servers.get(place)
      if (first === undefined) servers.set(place, name)
      if (first === undefined || first === name) return []
      return {
        path: ['services', name, 'volumes', `${mount.source}:${mount.target}`],
        message: `\`${name}\` keeps its data in \`${mount.source}\`, where \`${first}\` keeps its own; each would destroy the other's.`,
        hint: `Give \`${name}\` a volume of its own, or add \`:ro\` if it only reads. If both are meant: \`class: shared\` for \`${name}\` in upgrade.yaml.`,
      }
    })
  })
}

function dataMounts(parts: Parts, name: string): (ComposeMount & { source: string })[] {
  const { image, volumes = [] } = serviceOf(parts, name)
  // redis keeps its data in a directory that many applications have, too.
  const isData = (target: string) =>
    isDataDirectory(target) ||
    (/redis|valkey|keydb/.test(image ?? '') && target.replace(/\/+$/, '') === '/data')
  return volumes.flatMap((mount) =>
    mount.source !== undefined && mount.read_only !== true && isData(mount.target)
      ? { ...mount, source: mount.source }
      : [],
  )
}

function subpathOf({ volume }: ComposeMount): unknown {
  return typeof volume === 'object' && volume !== null && 'subpath' in volume ? volume.subpath : undefined
}
