import type { ComposeModel } from './compose-model.ts'
import type { Delivery } from './delivery.ts'
import type { HeldImage, Metadata } from './release.ts'
import type { ClassifiedService, Route } from './service.ts'

/** A short hash of a text. */
export type Hash = (text: string) => string

/**
 * Equal for two releases that would run the same: the neutral model, in which an image is what it is, not what
 * it is called, with the routes, the classes and the ways of the proxy that were settled outside of it. Contents of mounted files are unseen.
 */
export function fingerprint(input: {
  model: ComposeModel
  /** Service → image id. */
  images: Readonly<Record<string, string>>
  routes?: readonly Route[]
  classes?: readonly ClassifiedService[]
  /** How nginx brings requests to it. */
  delivery?: Delivery
  hash: Hash
}): string {
  const { model, images, routes = [], classes = [], delivery, hash } = input
  const services = Object.entries(model.services).map(([name, service]) => {
    const { image, build, pull_policy, ...rest } = service
    return [name, { ...rest, image: images[name] ?? { image, build } }]
  })
  const settled = {
    model: { ...model, services: Object.fromEntries(services) },
    routes: routes.map(canonical).sort(),
    classes: classes.map((each) => canonical([each.name, each.class])).sort(),
    delivery,
  }
  return hash(canonical(settled))
}

/** Services → hash of each as Compose resolved it. */
export function resolvedHashes(
  model: ComposeModel,
  { hash, services }: { services: readonly string[]; hash: Hash },
): Record<string, string> {
  return Object.fromEntries(services.map((name) => [name, hash(canonical(model.services[name]))]))
}

/** Service → environment name → short hash of its value; the name is hashed along, so that equal values differ. */
export function environmentHashes(model: ComposeModel, hash: Hash): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(model.services).map(([service, { environment = {} }]) => [
      service,
      Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [key, hash(canonical([key, value]))]),
      ),
    ]),
  )
}

/** What a release changes against the one before it. */
export type ReleaseDiff = {
  services: { added: string[]; removed: string[] }
  images: { service: string; before: HeldImage; after: HeldImage }[]
  environment: { service: string; added: string[]; removed: string[]; changed: string[] }[]
}

/** What of a release a comparison looks at: a snapshot's metadata, or what the next one would be. */
export type Comparable = Pick<Metadata, 'services' | 'images' | 'environment'>

/** Compares two releases; before the first one there was nothing. */
export function diffReleases(before: Comparable | undefined, after: Comparable): ReleaseDiff {
  const old = before ?? { services: [], images: [], environment: {} }
  const [oldNames, newNames] = [old, after].map((release) => release.services.map((each) => each.name).sort())
  return {
    services: compareNames(oldNames ?? [], newNames ?? []),
    images: after.images.flatMap((image) => {
      const previous = old.images.find((each) => each.service === image.service)
      const same = previous === undefined || previous.id === image.id
      return same ? [] : { service: image.service, before: previous, after: image }
    }),
    environment: Object.keys(after.environment)
      .filter((service) => Object.hasOwn(old.environment, service))
      .sort()
      .map((service) => ({
        service,
        ...compareEnvironments(old.environment[service] ?? {}, after.environment[service] ?? {}),
      }))
      .filter((diff) => diff.added.length + diff.removed.length + diff.changed.length > 0),
  }
}

function compareEnvironments(
  before: Record<string, string>,
  after: Record<string, string>,
): { added: string[]; removed: string[]; changed: string[] } {
  const names = compareNames(Object.keys(before).sort(), Object.keys(after).sort())
  const changed = Object.keys(after).filter((key) => {
    return Object.hasOwn(before, key) && before[key] !== after[key]
  })
  return { ...names, changed: changed.sort() }
}

function compareNames(
  before: readonly string[],
  after: readonly string[],
): { added: string[]; removed: string[] } {
  return {
    added: after.filter((name) => !before.includes(name)),
    removed: before.filter((name) => !after.includes(name)),
  }
}

/** JSON with sorted keys: the order in which a file names things means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
