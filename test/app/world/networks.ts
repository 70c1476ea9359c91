import type { World } from './world.ts'

/** A network of a project, unless it is there. */
export function addNetwork(world: World, { project, key }: { project: string; key: string }): void {
  const name = `${project}_${key}`
  if (!world.networks.some((network) => network.name === name)) world.networks.push({ project, key, name })
}

/** All networks of a project; the proxy is on none of them any more. */
export function removeNetworks(world: World, project: string): void {
  const gone = world.networks.filter((network) => network.project === project).map(({ name }) => name)
  world.networks = world.networks.filter(({ name }) => !gone.includes(name))
  if (world.proxy !== undefined)
    world.proxy.networks = world.proxy.networks.filter((name) => !gone.includes(name))
}
