import type { Site, SiteRoute } from '../../domain/site.ts'

/** A variable of nginx, and the upstream that it stands for in each color; null: the color has no such route. */
export type RouteVariable = { variable: string; blue: string | null; green: string | null }

/**
 * One variable for all routes that lead to the same places, whatever their host and path: nginx sets half a megabyte
 * aside for each while it reads them, which made a switch with 50 routes twice as long.
 */
export function routeVariables(site: Site, prefix: string): RouteVariable[] {
  const byPlaces = new Map<string, RouteVariable>()
  for (const route of site.listeners.flatMap((listener) => listener.routes)) {
    const places = placesOf(route)
    if (byPlaces.has(places)) continue
    const variable = `${prefix}_to_${byPlaces.size}`
    byPlaces.set(places, { variable, blue: route.blue ?? null, green: route.green ?? null })
  }
  return [...byPlaces.values()]
}

/** The variable of a route. */
export function variableOf(variables: readonly RouteVariable[], route: SiteRoute): string {
  const found = variables.find((each) => placesOf(each) === placesOf(route))
  if (found === undefined) throw new Error(`No variable leads to ${placesOf(route)}.`)
  return found.variable
}

function placesOf({ blue, green }: { blue?: string | null | undefined; green?: string | null | undefined }) {
  return JSON.stringify([blue ?? null, green ?? null])
}
