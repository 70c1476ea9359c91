import { type Color, colorProject } from './color.ts'
import type { ComposeModel, ComposeNetwork, ComposeService } from './compose-model.ts'
import { LABEL } from './labels.ts'
import type { ReleaseId } from './release.ts'
import { upstreamHost } from './site.ts'

type Recoloring = { model: ComposeModel; app: string; from: Color; to: Color; release: ReleaseId }

/** The model of a color, from a snapshot, for the other color: the same images, volumes and settings. */
export function recolorModel(input: Recoloring): ComposeModel {
  const { model, app, to } = input
  const services = Object.entries(model.services).map(([name, service]) => [
    name,
    recolorService(input, { name, service }),
  ])
  const networks = Object.entries(model.networks ?? {}).map(([key, network]) => [
    key,
    recolorNetwork(input, network),
  ])
  return {
    ...model,
    name: colorProject(app, to),
    services: Object.fromEntries(services),
    ...(model.networks !== undefined && { networks: Object.fromEntries(networks) }),
  }
}

function recolorService(input: Recoloring, named: { name: string; service: ComposeService }): ComposeService {
  const { app, from, to, release } = input
  const { name, service } = named
  const [old, unique] = [upstreamHost(name, from, app), upstreamHost(name, to, app)]
  const networks = Object.entries(service.networks ?? {}).map(([key, attachment]) => {
    const aliases = (attachment?.aliases ?? []).map((alias) => (alias === old ? unique : alias))
    return [key, { ...attachment, aliases }]
  })
  return {
    ...service,
    labels: { ...service.labels, [LABEL.color]: to, [LABEL.release]: release },
    ...(service.networks !== undefined && { networks: Object.fromEntries(networks) }),
  }
}

function recolorNetwork(input: Recoloring, network: ComposeNetwork | null): ComposeNetwork {
  const labels = typeof network?.labels === 'object' ? network.labels : {}
  return { ...network, labels: { ...labels, [LABEL.app]: input.app, [LABEL.color]: input.to } }
}
