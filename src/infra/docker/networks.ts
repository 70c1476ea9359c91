import { hostname } from 'node:os'
import type { Link } from '../../app/ports/platform.ts'
import type { AddressSpace } from '../../domain/address-pools.ts'
import type { Attachment } from '../../domain/adoption.ts'
import { chooseSmallSubnet } from '../../domain/small-subnet.ts'
import { readRoutes } from '../machine/routes.ts'
import { type Client, statusOf } from './client.ts'
import { COMPOSE_LABEL } from './container-facts.ts'

/** Networks, and who is on them. */
export type Networks = {
  /** Networks of a compose project, by the key of the compose file. */
  networks(project: string): Promise<{ key: string; name: string }[]>
  addressSpace(): Promise<AddressSpace>
  /**
   * Makes a network with a small subnet, so that it takes no whole block of the engine's address pools; one of that
   * name that is there is left alone. Where no subnet can be chosen it makes none: Compose makes it then.
   */
  makeSmallNetwork(network: SmallNetwork): Promise<void>
  /** Ids of the containers on a network, stopped ones too. */
  containersOn(network: string): Promise<string[]>
  /**
   * Joins a container to a network under aliases; a join that has them is left alone. One that lacks some is
   * made anew with the old and the new ones, which breaks the container's connections on that network. Returns
   * whether anything had to be done.
   */
  connect(link: Link): Promise<boolean>
  /** A container that is not on it, or a network that is gone, is no error. */
  disconnect(container: string, network: string): Promise<void>
  /** Attaches a container that is not on the network, with everything it had there. */
  attach(attachment: Attachment): Promise<void>
  /** A network that leads nowhere outside; one that is there is kept. */
  makeInternal(name: string, labels: Record<string, string>): Promise<void>
  removeNetwork(name: string): Promise<void>
}

type SmallNetwork = { name: string; labels: Record<string, string>; internal: boolean }

/** Somebody else may take a subnet between the choice and the network. */
const CHOICES = 20

export function createNetworks({ call, change }: Client): Networks {
  const addressSpace: Networks['addressSpace'] = async () => {
    const [info, listed, routes] = await Promise.all([
      call('read the address pools', (docker) => docker.info()),
      call('list networks', (docker) => docker.listNetworks()),
      readRoutes(),
    ])
    const pools: { Base: string; Size: number }[] = info.DefaultAddressPools ?? []
    return {
      pools: pools.map(({ Base, Size }) => ({ base: Base, size: Size })),
      subnets: listed.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? [])),
      // An engine of another name is on another machine, or in a virtual one, whose routes are not these.
      routes: info.Name === hostname() ? routes : undefined,
    }
  }
  const disconnect: Networks['disconnect'] = async (container, network) => {
    await change(`disconnect ${container} from ${network}`, async (docker) => {
      // Docker answers 500 or 403, with one of these texts, for a container that is not on the network.
      await docker
        .getNetwork(network)
        .disconnect({ Container: container, Force: true })
        .catch((error: unknown) => {
          if (statusOf(error) !== 404 && !/is not connected to/.test(String(error))) throw error
        })
    })
  }
  return {
    networks: async (project) => {
      const filters = { label: [`${COMPOSE_LABEL.project}=${project}`] }
      const listed = await call('list networks', (docker) => docker.listNetworks({ filters }))
      return listed.map(({ Name, Labels }) => ({ key: Labels?.[COMPOSE_LABEL.network] ?? Name, name: Name }))
    },
    addressSpace,
    makeSmallNetwork: async ({ internal, labels, name }) => {
      for (let choice = 0; choice < CHOICES; choice++) {
        const chosen = chooseSmallSubnet(await addressSpace())
        if (chosen === undefined) return
        const options = {
          Name: name,
          CheckDuplicate: true,
          Driver: 'bridge',
          Internal: internal,
          Labels: labels,
          IPAM: { Config: [{ Subnet: chosen.subnet }] },
        }
        const made = await change(`create network ${name}`, (docker) =>
          docker.createNetwork(options).then(
            () => true,
            (error: unknown) => {
              if (statusOf(error) === 409) return true
              if (/overlap/i.test(String(error))) return false
              throw error
            },
          ),
        )
        if (made) return
      }
    },
    containersOn: async (network) => {
      const options = { all: true, filters: { network: [network] } }
      // The network's own list leaves out stopped containers, and one that stays on a network that is
      // removed cannot be started again.
      return (await call('list containers', (docker) => docker.listContainers(options))).map(({ Id }) => Id)
    },
    connect: async ({ container, network, aliases }) => {
      const has = await call(`inspect ${container}`, (docker) => docker.getContainer(container).inspect())
      const joined = has.NetworkSettings.Networks[network]
      const old: string[] = joined?.Aliases ?? []
      if (joined && aliases.every((alias) => old.includes(alias))) return false
      if (joined) await disconnect(container, network)
      const EndpointConfig = { Aliases: [...new Set([...old, ...aliases])] }
      await change(`connect ${container} to ${network}`, (docker) =>
        docker.getNetwork(network).connect({ Container: container, EndpointConfig }),
      )
      return true
    },
    disconnect,
    attach: async ({ aliases, container, ipv4, ipv6, links, network }) => {
      const fixed = { ...(ipv4 && { IPv4Address: ipv4 }), ...(ipv6 && { IPv6Address: ipv6 }) }
      const EndpointConfig = {
        Aliases: aliases,
        Links: links,
        ...((ipv4 || ipv6) && { IPAMConfig: fixed }),
      }
      await change(`connect ${container} to ${network}`, (docker) =>
        docker.getNetwork(network).connect({ Container: container, EndpointConfig }),
      )
    },
    makeInternal: async (name, labels) => {
      const filters = { name: [`^${name}$`] }
      const listed = await call('list networks', (docker) => docker.listNetworks({ filters }))
      if (listed.length > 0) return
      await change(`create network ${name}`, (docker) =>
        docker.createNetwork({ Name: name, Internal: true, Labels: labels }),
      )
    },
    removeNetwork: async (name) => {
      await change(`remove network ${name}`, async (docker) => {
        await docker
          .getNetwork(name)
          .remove()
          .catch((error: unknown) => {
            if (statusOf(error) !== 404) throw error
          })
      })
    },
  }
}
