import type { RefusalAt } from '../refusal.ts'
import { mayName, type Parts, serviceOf, stringsOf } from './parts.ts'

/** Namespaces and volumes taken over from containers that the color does not have, or must not share. */
export function refusedNamespaces(parts: Parts): RefusalAt[] {
  return parts.inColor.flatMap((name) => {
    const service = serviceOf(parts, name)
    const routed = parts.routes.some((route) => route.service === name)
    return [
      ...refusedNetworkMode(parts, { name, mode: service.network_mode, routed }),
      ...['ipc', 'pid'].flatMap((key) => refusedMode(parts, { name, key, mode: service[key] })),
      ...refusedVolumesFrom(parts, name),
      ...stringsOf(service.external_links).map((link) => ({
        path: ['services', name, 'external_links', link],
        message: `\`${name}\` links to \`${link.split(':')[0]}\`, a container outside of this file, which is on no network of a color.`,
        hint: 'Put that service into this file with `class: shared`, or reach it by an address and a published port.',
      })),
    ]
  })
}

type Mode = { name: string; key: string; mode: unknown }

function refusedNetworkMode(
  parts: Parts,
  service: { name: string; mode: string | undefined; routed: boolean },
): RefusalAt[] {
  const { name, mode, routed } = service
  const path = ['services', name, 'network_mode']
  if (mode === undefined) return []
  if (mode === 'host') {
    return [
      {
        path,
        message: `\`${name}\` listens on the host's own network, where two colors would take the same ports.`,
        hint: `Remove \`network_mode: host\` and publish its port with \`ports:\`; or run it once: \`class: shared\`.`,
      },
    ]
  }
  const inside = mode === 'none' || mode === 'bridge' || mode === 'default' || mode.startsWith('service:')
  if (!inside && !mode.startsWith('container:')) {
    return [
      {
        path,
        message: `\`${name}\` joins the network \`${mode}\` from outside of this file, where both colors would meet.`,
        hint: 'Remove `network_mode` and use `networks:` of this file.',
      },
    ]
  }
  const refused = refusedMode(parts, { name, key: 'network_mode', mode })
  if (refused.length > 0 || !routed) return refused
  const owner = mode.startsWith('service:') ? mode.slice('service:'.length) : undefined
  return [
    {
      path,
      message: `A route leads to \`${name}\`, but with \`network_mode: ${mode}\` it has no address of its own.`,
      hint:
        owner === undefined
          ? 'Remove `network_mode`.'
          : `Let the route name \`${owner}\`, whose network it uses.`,
    },
  ]
}

function refusedMode(parts: Parts, { name, key, mode }: Mode): RefusalAt[] {
  if (typeof mode !== 'string') return []
  const path = ['services', name, key]
  if (mode.startsWith('container:')) {
    return [
      {
        path,
        message: `\`${name}\` joins \`${mode}\`: both colors would be in one container's ${KIND[key]}.`,
        hint: `Write \`${key}: service:NAME\` with a service of this file that runs in both colors, or remove it.`,
      },
    ]
  }
  if (!mode.startsWith('service:')) return []
  const owner = mode.slice('service:'.length)
  const [from, to] = [parts.classOf(name), parts.classOf(owner)]
  if (mayName(from, to)) return []
  return [
    {
      path,
      message: `\`${name}\` (${from}) joins \`${mode}\`, which is ${to} and not started with the color.`,
      hint: `Give both the same class in upgrade.yaml, or remove \`${key}\` from \`${name}\`.`,
    },
  ]
}

const KIND: Record<string, string> = { network_mode: 'network', ipc: 'memory', pid: 'processes' }

function refusedVolumesFrom(parts: Parts, name: string): RefusalAt[] {
  return stringsOf(serviceOf(parts, name).volumes_from).flatMap((entry) => {
    const [source = '', container = ''] = entry.split(':')
    const path = ['services', name, 'volumes_from', entry]
    if (source === 'container') {
      return {
        path,
        message: `\`${name}\` takes the volumes of the container \`${container}\`, from outside of this file.`,
        hint: 'Name the volumes themselves under `volumes:`, with `external: true` if they are not of this file.',
      }
    }
    if (mayName(parts.classOf(name), parts.classOf(source))) return []
    return {
      path,
      message: `\`${name}\` takes the volumes of \`${source}\`, which is ${parts.classOf(source)} and not started with the color.`,
      hint: `Name the volumes that it needs under \`volumes:\` of \`${name}\`.`,
    }
  })
}
