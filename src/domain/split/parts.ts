import type { Color } from '../color.ts'
import type { ComposeAttachment, ComposeModel, ComposeService } from '../compose-model.ts'
import type { ReleaseId } from '../release.ts'
import type { ClassifiedService, Route, ServiceClass } from '../service.ts'

/** What a split works on. `images` are the tags to run; a service without one keeps the image it names. */
export type SplitInput = {
  model: ComposeModel
  app: string
  color: Color
  release: ReleaseId
  classes: readonly ClassifiedService[]
  routes: readonly Route[]
  images: Readonly<Record<string, string>>
}

/** The input with its services told apart; names are sorted, so that key order never matters. */
export type ToldApart = SplitInput & {
  classOf: (service: string) => ServiceClass
  shared: string[]
  /** Colored services, singletons and jobs. */
  inColor: string[]
}

/** All that the rules of a split look at; cut links by their targets, for every service asks for its own. */
export type Parts = ToldApart & { cutLinks: ReadonlyMap<string, readonly CutLink[]> }

/** A link of `links:` to a service that does not run beside the one that has it. */
export type CutLink = { from: string; link: string; target: string; alias: string; networks: string[] }

export function tellApart(input: SplitInput): ToldApart {
  const classes = new Map(input.classes.map((each) => [each.name, each.class]))
  const classOf = (service: string): ServiceClass => classes.get(service) ?? 'colored'
  const names = Object.keys(input.model.services).sort()
  return {
    ...input,
    classOf,
    shared: names.filter((name) => classOf(name) === 'shared'),
    inColor: names.filter((name) => classOf(name) !== 'shared'),
  }
}

export function serviceOf(parts: { model: ComposeModel }, name: string): ComposeService {
  return parts.model.services[name] ?? {}
}

/** The networks that a service joins; Compose joins the one called `default` when none is named. */
export function attachmentsOf(service: ComposeService): Record<string, ComposeAttachment | null> {
  if (service.network_mode !== undefined) return {}
  const named = service.networks ?? {}
  return Object.keys(named).length === 0 ? { default: null } : named
}

/** The network keys that all of the services join, sorted. */
export function commonNetworks(services: readonly ComposeService[]): string[] {
  const [first, ...others] = services
  if (first === undefined) return []
  return Object.keys(attachmentsOf(first))
    .filter((key) => others.every((other) => Object.hasOwn(attachmentsOf(other), key)))
    .sort()
}

/**
 * Whether a service may name another one of the same color project. `up` starts colored services; singletons and
 * jobs stand behind a profile, and Compose refuses a file in which a started service names one that is not. Jobs
 * run alone, before the rest.
 */
export function mayName(from: ServiceClass, to: ServiceClass): boolean {
  if (from === 'singleton') return to === 'singleton' || to === 'colored'
  return from === 'colored' && to === 'colored'
}

/** The strings of a list that Compose leaves untyped here. */
export function stringsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : []
}

export function without<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> {
  const left = { ...value }
  for (const key of keys) delete left[key]
  return left
}
