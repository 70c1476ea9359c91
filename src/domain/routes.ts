import type { ComposeModel, ComposePort } from './compose-model.ts'
import type { RefusalAt } from './refusal.ts'
import type { ClassifiedService, Route } from './service.ts'
import { writtenPort } from './written-port.ts'

/** Routes that were found, and what stands in the way of others. */
export type FoundRoutes = { routes: Route[]; refusals: RefusalAt[] }

/**
 * The routes that `ports:` of colored services ask for; paths of refusals are the compose file's. A port bound
 * to one address is refused: the proxy listens on all, and what was private must not open by an upgrade.
 */
export function routesFromPorts(model: ComposeModel, classes: readonly ClassifiedService[]): FoundRoutes {
  const found: FoundRoutes = { routes: [], refusals: [] }
  for (const service of classes
    .filter((each) => each.class === 'colored')
    .map((each) => each.name)
    .sort()) {
    for (const port of model.services[service]?.ports ?? []) {
      const path = ['services', service, 'ports', writtenPort(port)]
      const refusal = portRefusal(service, port) ?? takenRefusal(found.routes, { service, port })
      if (refusal !== undefined) found.refusals.push({ path, ...refusal })
      else if (!found.routes.some((route) => route.listen === Number(port.published))) {
        found.routes.push(routeOf(service, port))
      }
    }
  }
  found.routes.sort((a, b) => a.listen - b.listen)
  return found
}

/** What is wrong with routes that a person configured; the paths are those of upgrade.yaml. */
export function refusedRoutes(input: {
  model: ComposeModel
  classes: readonly ClassifiedService[]
  routes: readonly Route[]
}): RefusalAt[] {
  const { model, classes, routes } = input
  return routes.flatMap((route, index) => {
    const serviceClass = classes.find((each) => each.name === route.service)?.class
    const same = routes.findIndex((other) => placeOf(other) === placeOf(route))
    if (!Object.hasOwn(model.services, route.service)) {
      const known = Object.keys(model.services).sort().join(', ')
      return {
        path: ['routes', index, 'service'],
        message: `The compose file has no service \`${route.service}\`.`,
        hint: `Its services are: ${known}.`,
      }
    }
    if (serviceClass !== 'colored') {
      return {
        path: ['routes', index, 'service'],
        message: `\`${route.service}\` is ${serviceClass}: it does not run in both colors, so no route can lead to it.`,
        hint: `Name a colored service, or write \`class: colored\` under \`services: ${route.service}:\`.`,
      }
    }
    if (same === index) return []
    return {
      path: ['routes', index],
      message: `Port ${route.listen}, host ${route.host ?? 'any'}, path ${route.path} is routed twice.`,
      hint: 'Keep one of the two, or give them different hosts or paths.',
    }
  })
}

type Complaint = { message: string; hint: string }

function portRefusal(service: string, port: ComposePort): Complaint | undefined {
  const { published, target } = port
  const protocol = port.protocol ?? 'tcp'
  if (protocol !== 'tcp') {
    return {
      message: `\`${service}\` publishes port ${published ?? target} for ${protocol}, which the proxy cannot pass on.`,
      hint: `Remove the port, or run \`${service}\` once: \`class: shared\` in upgrade.yaml.`,
    }
  }
  if (published === undefined || published === '' || published === '0') {
    return {
      message: `\`${service}\` publishes its port ${target} on a port that Docker picks, so no route can be made of it.`,
      hint: `Write the port that users come to, \`"8080:${target}"\`, or \`expose: ["${target}"]\` to keep it inside.`,
    }
  }
  if (!/^\d+$/.test(published)) {
    return {
      message: `\`${service}\` publishes its port ${target} on one of the ports ${published}.`,
      hint: `Write one port, \`"${published.split('-')[0]}:${target}"\`.`,
    }
  }
  if (isEveryAddress(port.host_ip)) return undefined
  return {
    message: `\`${service}\` publishes port ${published} on ${port.host_ip} only; the proxy listens on every address.`,
    hint: `Write \`"${published}:${target}"\`, or name the route in upgrade.yaml, if it may be open to all.`,
  }
}

function isEveryAddress(address: string | undefined): boolean {
  return address === undefined || address === '' || address === '0.0.0.0' || address === '::'
}

function takenRefusal(
  routes: readonly Route[],
  wanted: { service: string; port: ComposePort },
): Complaint | undefined {
  const { service, port } = wanted
  const taken = routes.find((route) => route.listen === Number(port.published))
  // The same port on IPv4 and on IPv6 is one route.
  if (taken === undefined || (taken.service === service && taken.port === port.target)) return undefined
  return {
    message: `Port ${port.published} leads to \`${service}\` and to \`${taken.service}\` port ${taken.port}.`,
    hint: 'Publish one of them on another port, or tell them apart by host or path: `routes:` in upgrade.yaml.',
  }
}

function routeOf(service: string, port: ComposePort): Route {
  return { listen: Number(port.published), host: undefined, path: '/', service, port: port.target }
}

function placeOf(route: Route): string {
  return JSON.stringify([route.listen, route.host?.toLowerCase() ?? null, route.path])
}
