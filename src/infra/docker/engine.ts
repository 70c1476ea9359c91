import { createClient } from './client.ts'
import { type Containers, createContainers } from './containers.ts'
import { createImages, type Images } from './images.ts'
import { createInside, type Inside } from './inside.ts'
import { createNetworks, type Networks } from './networks.ts'
import { createPull, type Pull } from './pull.ts'
import { createVolumes, type Volumes } from './volumes.ts'

/** What the engine's API does for the adapters above it. */
export type Engine = Containers &
  Inside &
  Images &
  Pull &
  Volumes &
  Networks & {
    /** The engine's own version and that of its API. */
    version(): Promise<{ engine: string; apiVersion: string }>
  }

export function createEngine(options: { env: NodeJS.ProcessEnv; signal: () => AbortSignal }): Engine {
  const client = createClient(options)
  return {
    version: async () => {
      const { ApiVersion, Version } = await client.call('ask its version', (docker) => docker.version())
      return { engine: Version, apiVersion: ApiVersion }
    },
    ...createContainers(client),
    ...createInside(client),
    ...createImages(client),
    ...createPull(options),
    ...createVolumes(client),
    ...createNetworks(client),
  }
}
