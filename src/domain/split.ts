import { colorProject } from './color.ts'
import type { ComposeModel } from './compose-model.ts'
import { dependencyOrder } from './dependency-order.ts'
import { onePerPlace, type RefusalAt } from './refusal.ts'
import type { NamedVolume, SharedLink } from './service.ts'
import { partsOf } from './split/cut-links.ts'
import { refusedJobNeeds, refusedSharedNeeds } from './split/dependencies.ts'
import { refusedLinks, sharedLinks } from './split/links.ts'
import { colorNetworks } from './split/networks.ts'
import { type Parts, type SplitInput, without } from './split/parts.ts'
import { refusedNamespaces } from './split/refuse-namespaces.ts'
import { refusedNetworks } from './split/refuse-networks.ts'
import { refusedClassLabels, refusedPorts } from './split/refuse-ports.ts'
import { refusedProviders } from './split/refuse-providers.ts'
import { refusedDataVolumes, refusedSharedPorts } from './split/refuse-shared.ts'
import { colorService } from './split/service.ts'
import { colorSources } from './split/sources.ts'
import { baseVolumes, colorVolumes, type WrittenByBoth, writtenByBoth } from './split/volumes.ts'

/** A compose file taken apart: what runs in the color, and what stays in the base project. */
export type Split = {
  color: ComposeModel
  shared: string[]
  /** Jobs, in the order to run them in. */
  jobs: string[]
  singletons: string[]
  links: SharedLink[]
  /** Volumes of the base project that must exist before the color starts. */
  volumes: NamedVolume[]
  bothWrite: WrittenByBoth[]
}

/** Splits the resolved model of an app for one color, or says what in it cannot run twice side by side. */
export function splitModel(input: SplitInput): Split | { refusals: RefusalAt[] } {
  const parts = partsOf(input)
  const refusals = onePerPlace([
    ...refusedClassLabels(parts),
    ...refusedNamespaces(parts),
    ...refusedNetworks(parts),
    ...refusedPorts(parts),
    ...refusedSharedPorts(parts),
    ...refusedDataVolumes(parts),
    ...refusedProviders(parts),
    ...refusedLinks(parts),
    ...refusedSharedNeeds(parts),
    ...refusedJobNeeds(parts),
  ])
  if (refusals.length > 0) return { refusals }
  return {
    color: colorModel(parts),
    shared: parts.shared,
    jobs: dependencyOrder(parts.model).filter((name) => parts.classOf(name) === 'job'),
    singletons: parts.inColor.filter((name) => parts.classOf(name) === 'singleton'),
    links: sharedLinks(parts),
    volumes: baseVolumes(parts),
    bothWrite: writtenByBoth(parts),
  }
}

function colorModel(parts: Parts): ComposeModel {
  const others = without(parts.model, ['name', 'services', 'networks', 'volumes', 'secrets', 'configs'])
  const networks = colorNetworks(parts)
  const volumes = colorVolumes(parts)
  return {
    ...others,
    name: colorProject(parts.app, parts.color),
    services: Object.fromEntries(parts.inColor.map((name) => [name, colorService(parts, name)])),
    ...(Object.keys(networks).length > 0 && { networks }),
    ...(Object.keys(volumes).length > 0 && { volumes }),
    ...colorSources(parts),
  }
}
