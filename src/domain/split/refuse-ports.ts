import { LABEL } from '../labels.ts'
import type { RefusalAt } from '../refusal.ts'
import { SERVICE_CLASSES } from '../service.ts'
import { writtenPort } from '../written-port.ts'
import { type Parts, serviceOf } from './parts.ts'

/** Published ports that no route takes over: two colors cannot both hold them. */
export function refusedPorts(parts: Parts): RefusalAt[] {
  return parts.inColor.flatMap((name) =>
    (serviceOf(parts, name).ports ?? []).flatMap((port) => {
      const { published, target } = port
      const routed = parts.routes.some((route) => route.service === name && route.port === target)
      if (routed && (port.protocol ?? 'tcp') === 'tcp') return []
      return {
        path: ['services', name, 'ports', writtenPort(port)],
        message: `\`${name}\` publishes port ${published ?? target} but no route leads there; two colors cannot both hold it.`,
        hint: unroutedHint(parts.classOf(name), { name, target, protocol: port.protocol ?? 'tcp' }),
      }
    }),
  )
}

/** Class labels that name no class: a slip there would run a database twice. */
export function refusedClassLabels(parts: Parts): RefusalAt[] {
  return Object.keys(parts.model.services).flatMap((name) => {
    const word = serviceOf(parts, name).labels?.[LABEL.serviceClass]
    if (word === undefined || SERVICE_CLASSES.some((known) => known === word)) return []
    return {
      path: ['services', name, 'labels', LABEL.serviceClass],
      message: `\`${word}\` is no class of a service.`,
      hint: `Write one of ${SERVICE_CLASSES.join(', ')}.`,
    }
  })
}

function unroutedHint(
  serviceClass: string,
  port: { name: string; target: number; protocol: string },
): string {
  const { name, target, protocol } = port
  const inside = `\`expose: ["${target}"]\` keeps it reachable for the other services`
  const once = `\`class: shared\` in upgrade.yaml runs \`${name}\` once, with its ports`
  if (protocol !== 'tcp') return `The proxy passes on TCP only. ${once}; ${inside}.`
  if (serviceClass === 'colored')
    return `Add a route to \`${name}\` port ${target} in upgrade.yaml; or ${inside}.`
  return `A ${serviceClass} has no route. ${once}; ${inside}.`
}
