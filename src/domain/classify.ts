import type { ComposeModel, ComposeService } from './compose-model.ts'
import { dependencyOrder } from './dependency-order.ts'
import { isDatabaseImage, isDataDirectory } from './known-software.ts'
import { LABEL } from './labels.ts'
import { type ClassifiedService, type ClassReason, SERVICE_CLASSES, type ServiceClass } from './service.ts'

/** The class a person configured for a service; undefined: the rules decide. */
export type ConfiguredClasses = Readonly<Record<string, ServiceClass | undefined>>

/**
 * The class of every service and why, each after the services it waits for, so that jobs stand in the order to
 * run them in. Configuration wins, then the label, then what the service is.
 */
export function classifyServices(model: ComposeModel, configured: ConfiguredClasses): ClassifiedService[] {
  const known = new Map<string, ClassifiedService>()
  const waiting = whoWaitsForTheEnd(model)
  const classify = (name: string): ClassifiedService => {
    const done = known.get(name)
    if (done !== undefined) return done
    // Stands in while a circle of dependencies, which Compose refuses, would have this run for ever.
    known.set(name, { name, class: 'colored', reason: { because: 'default' } })
    const service = model.services[name] ?? {}
    const wanted = Object.hasOwn(configured, name) ? configured[name] : undefined
    const verdict = chosen(service, wanted) ??
      completes(service, { dependents: waiting.get(name) ?? [], classOf: (each) => classify(each).class }) ??
      stateful(service) ?? { class: 'colored', reason: { because: 'default' } }
    const classified = { name, ...verdict }
    known.set(name, classified)
    return classified
  }
  return dependencyOrder(model).map(classify)
}

type Verdict = { class: ServiceClass; reason: ClassReason }

function chosen(service: ComposeService, configured: ServiceClass | undefined): Verdict | undefined {
  if (configured !== undefined) return { class: configured, reason: { because: 'configured' } }
  const label = service.labels?.[LABEL.serviceClass]
  const named = SERVICE_CLASSES.find((candidate) => candidate === label)
  return named && { class: named, reason: { because: 'label' } }
}

/**
 * A service that ends is a job, whatever its image: migrations often run `psql` from the database's own image.
 * One that only shared services wait for (a `chown` of a data volume) belongs to them and runs with them.
 */
function completes(
  service: ComposeService,
  { classOf, dependents }: { dependents: string[]; classOf: (name: string) => ServiceClass },
): Verdict | undefined {
  if (restartsForever(service) || dependents.length === 0) return undefined
  const onlyShared = dependents.every((dependent) => classOf(dependent) === 'shared')
  return { class: onlyShared ? 'shared' : 'job', reason: { because: 'completes-for', dependents } }
}

/** Service → those that wait for it to complete, sorted. */
function whoWaitsForTheEnd({ services }: ComposeModel): Map<string, string[]> {
  const waiting = new Map<string, string[]>()
  for (const name of Object.keys(services).sort()) {
    for (const [other, { condition }] of Object.entries(services[name]?.depends_on ?? {})) {
      if (condition !== 'service_completed_successfully') continue
      const known = waiting.get(other)
      if (known === undefined) waiting.set(other, [name])
      else known.push(name)
    }
  }
  return waiting
}

function restartsForever(service: ComposeService): boolean {
  return service.restart === 'always' || service.restart === 'unless-stopped'
}

function stateful(service: ComposeService): Verdict | undefined {
  const data = service.volumes?.find(
    (mount) => mount.source !== undefined && mount.read_only !== true && isDataDirectory(mount.target),
  )
  if (data?.source !== undefined) {
    const reason = { because: 'data-volume', volume: data.source, target: data.target } as const
    return { class: 'shared', reason }
  }
  if (service.image !== undefined && isDatabaseImage(service.image)) {
    return { class: 'shared', reason: { because: 'known-image', image: service.image } }
  }
  return undefined
}
