import type { ComposeModel, ComposeNetwork } from '../compose-model.ts'
import type { RefusalAt } from '../refusal.ts'
import { attachmentsOf, type Parts, serviceOf } from './parts.ts'

/** What a color cannot have of its own: networks from outside, fixed addresses, one bridge's name. */
export function refusedNetworks(parts: Parts): RefusalAt[] {
  const members = new Map<string, string[]>()
  for (const name of parts.inColor) {
    for (const key of Object.keys(attachmentsOf(serviceOf(parts, name)))) {
      const known = members.get(key)
      if (known === undefined) members.set(key, [name])
      else known.push(name)
    }
  }
  return [
    ...[...members].sort().flatMap(([key, services]) => refusedNetwork(parts.model, { key, services })),
    ...parts.inColor.flatMap((name) => refusedAddresses(parts, name)),
  ]
}

type Used = { key: string; services: string[] }

function refusedNetwork(model: ComposeModel, { key, services }: Used): RefusalAt[] {
  const network: ComposeNetwork = model.networks?.[key] ?? {}
  const path = ['networks', key]
  const users = services.map((name) => `\`${name}\``).join(', ')
  const remove = `Remove it: each color has a network of its own, and Docker picks its addresses.`
  if (network.external === true) {
    return [
      {
        path: [...path, 'external'],
        message: `Both colors would meet on the external network \`${key}\`, where ${users} of one color answers for the other.`,
        hint: `Take ${users} off \`${key}\`; put what they need from there into this file with \`class: shared\`, on a network of this file.`,
      },
    ]
  }
  if (isOneOfAKind(network.driver)) {
    return [
      {
        path: [...path, 'driver'],
        message: `A ${network.driver} network exists once on a machine; the second color cannot have its own \`${key}\`.`,
        hint: 'Use the driver `bridge` (remove the line): users come in through the proxy.',
      },
    ]
  }
  return [
    ...(hasFixedSubnet(network)
      ? [
          {
            path: [...path, 'ipam', 'config'],
            message: `The network \`${key}\` has fixed addresses; the second color's network would overlap.`,
            hint: remove,
          },
        ]
      : []),
    ...(BRIDGE_NAME in optionsOf(network)
      ? [
          {
            path: [...path, 'driver_opts', BRIDGE_NAME],
            message: `The network \`${key}\` has a fixed bridge name, which the second color's network cannot have too.`,
            hint: 'Remove the option: Docker names the bridges.',
          },
        ]
      : []),
  ]
}

const BRIDGE_NAME = 'com.docker.network.bridge.name'

/** A MAC address may stay: the colors' bridges are apart, and on each it is still the only one. */
const FIXED_ADDRESSES = ['ipv4_address', 'ipv6_address', 'link_local_ips'] as const

function refusedAddresses(parts: Parts, name: string): RefusalAt[] {
  return Object.entries(attachmentsOf(serviceOf(parts, name))).flatMap(([network, attachment]) =>
    FIXED_ADDRESSES.filter((key) => attachment?.[key] !== undefined).map((key) => ({
      path: ['services', name, 'networks', network, key],
      message: `\`${name}\` has a fixed address on \`${network}\`, which its copy in the other color cannot have too.`,
      hint: `Remove it and use the name \`${name}\`, which Docker resolves in each color.`,
    })),
  )
}

function isOneOfAKind(driver: unknown): boolean {
  return driver === 'macvlan' || driver === 'ipvlan' || driver === 'host'
}

function hasFixedSubnet(network: ComposeNetwork): boolean {
  const ipam: unknown = network.ipam
  if (typeof ipam !== 'object' || ipam === null || !('config' in ipam)) return false
  return Array.isArray(ipam.config) && ipam.config.length > 0
}

function optionsOf(network: ComposeNetwork): object {
  return typeof network.driver_opts === 'object' && network.driver_opts !== null ? network.driver_opts : {}
}
