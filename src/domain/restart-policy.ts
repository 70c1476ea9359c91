import type { ComposeModel, ComposeService } from './compose-model.ts'

/** Whether Docker starts a service's containers with itself, stopped or not. Where both stand, Compose goes by `deploy`. */
export function runsAlways({ deploy, restart }: ComposeService): boolean {
  const policy = deploy?.restart_policy
  if (typeof policy !== 'object' || policy === null) return restart === 'always'
  return 'condition' in policy && (policy.condition === 'any' || policy.condition === 'always')
}

/** The services of a model whose containers Docker starts with itself. */
export function alwaysRunning({ services }: ComposeModel): string[] {
  return Object.entries(services).flatMap(([name, service]) => (runsAlways(service) ? [name] : []))
}
