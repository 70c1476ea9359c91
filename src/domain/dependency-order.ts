import type { ComposeModel } from './compose-model.ts'

/** The services of a model, each after those that it waits for; else by name. */
export function dependencyOrder(model: ComposeModel): string[] {
  const ordered: string[] = []
  const visited = new Set<string>()
  const visit = (name: string): void => {
    if (visited.has(name) || !Object.hasOwn(model.services, name)) return
    visited.add(name)
    for (const other of Object.keys(model.services[name]?.depends_on ?? {}).sort()) visit(other)
    ordered.push(name)
  }
  for (const name of Object.keys(model.services).sort()) visit(name)
  return ordered
}
