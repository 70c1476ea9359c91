import type { ComposeDependency } from '../compose-model.ts'
import type { RefusalAt } from '../refusal.ts'
import { mayName, type Parts, serviceOf, stringsOf } from './parts.ts'

/**
 * What a service of the color still waits for. Shared services and jobs were seen to before the color starts,
 * singletons start after the switch; Compose refuses a file that names a service it would not start. One that no
 * active profile has (`required: false`) is not in the model at all.
 */
export function keptDependencies(parts: Parts, name: string): Record<string, ComposeDependency> {
  const all = Object.entries(serviceOf(parts, name).depends_on ?? {})
  return Object.fromEntries(
    all.filter(
      ([other]) =>
        Object.hasOwn(parts.model.services, other) && mayName(parts.classOf(name), parts.classOf(other)),
    ),
  )
}

/** Jobs run alone, before the color starts, so they can wait for none of its services. */
export function refusedJobNeeds(parts: Parts): RefusalAt[] {
  const jobs = parts.inColor.filter((name) => parts.classOf(name) === 'job')
  return jobs.flatMap((name) =>
    Object.entries(serviceOf(parts, name).depends_on ?? {})
      .filter(([other, dependency]) => {
        const to = parts.classOf(other)
        return dependency.required !== false && (to === 'colored' || to === 'singleton')
      })
      .map(([other]) => ({
        path: ['services', name, 'depends_on', other],
        message: `\`${name}\` is a job and runs before the color starts, but waits for \`${other}\`, which is ${parts.classOf(other)}.`,
        hint: `Remove the dependency, or run \`${other}\` once for both colors: \`class: shared\` in upgrade.yaml.`,
      })),
  )
}

/** Shared services run without the colors, so they can lean on none of their services. */
export function refusedSharedNeeds(parts: Parts): RefusalAt[] {
  return parts.shared.flatMap((name) =>
    needsOf(parts, name)
      .filter(({ other }) => parts.classOf(other) !== 'shared')
      .map(({ other, path }) => ({
        path: ['services', name, ...path],
        message: `\`${name}\` is shared but needs \`${other}\`, which is ${parts.classOf(other)} and comes and goes with a color.`,
        hint: `Give both the same class in upgrade.yaml, or remove the dependency.`,
      })),
  )
}

type Need = { other: string; path: (string | number)[] }

function needsOf(parts: Parts, name: string): Need[] {
  const service = serviceOf(parts, name)
  // Compose adds `depends_on` for each of these by itself; the line that a person wrote is the better place.
  const written: Need[] = [
    ...['network_mode', 'ipc', 'pid'].flatMap((key) => {
      const mode = service[key]
      const inside = typeof mode === 'string' && mode.startsWith('service:')
      return inside ? { other: mode.slice('service:'.length), path: [key] } : []
    }),
    ...['links', 'volumes_from'].flatMap((key) =>
      stringsOf(service[key])
        .map((entry) => ({ other: entry.split(':')[0] ?? '', path: [key, entry] }))
        .filter(({ other }) => other !== 'container'),
    ),
  ]
  const waited = Object.entries(service.depends_on ?? {})
    .filter(([other, dependency]) => {
      return dependency.required !== false && !written.some((need) => need.other === other)
    })
    .map(([other]) => ({ other, path: ['depends_on', other] }))
  return [...written, ...waited]
}
