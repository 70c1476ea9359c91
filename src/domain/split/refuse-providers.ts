import type { RefusalAt } from '../refusal.ts'
import { type Parts, serviceOf } from './parts.ts'

/**
 * Services that another program provides (`provider:`, Compose ≥ 2.36). Compose hands what that program made, as
 * variables, to services of the same project, so a color would miss it, and two colors would order it twice.
 */
export function refusedProviders(parts: Parts): RefusalAt[] {
  const provided = (name: string) => serviceOf(parts, name).provider !== undefined
  const own = parts.inColor.filter(provided).map((name) => ({
    path: ['services', name, 'provider'],
    message: `\`${name}\` is made by another program; each color would have it made once more.`,
    hint: 'Have it made outside of this file, and write what it gives under `environment:` of who needs it.',
  }))
  const needed = parts.inColor.flatMap((name) =>
    Object.keys(serviceOf(parts, name).depends_on ?? {})
      .filter((other) => parts.classOf(other) === 'shared' && provided(other))
      .map((other) => ({
        path: ['services', name, 'depends_on', other],
        message: `\`${name}\` gets variables from \`${other}\`, which Compose hands on within one project only.`,
        hint: `Write them under \`environment:\` of \`${name}\`, and remove the dependency.`,
      })),
  )
  return [...own, ...needed]
}
