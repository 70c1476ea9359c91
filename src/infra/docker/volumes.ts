import type { ComposeVolume } from '../../domain/compose-model.ts'
import { type Client, unless } from './client.ts'

/** A volume to make as a compose file defines it. */
type NewVolume = { name: string; labels: Record<string, string>; definition: ComposeVolume }

export type Volumes = {
  volumeExists(name: string): Promise<boolean>
  createVolume(volume: NewVolume): Promise<void>
  removeVolume(name: string): Promise<void>
}

export function createVolumes({ change, find }: Client): Volumes {
  return {
    volumeExists: async (name) =>
      (await find(`inspect volume ${name}`, (docker) => docker.getVolume(name).inspect())) !== undefined,
    createVolume: async ({ name, labels, definition }) => {
      const { driver, driver_opts } = definition
      await change(`create volume ${name}`, (docker) =>
        docker.createVolume({
          Name: name,
          Labels: labels,
          ...(driver !== undefined && { Driver: driver }),
          ...(driver_opts !== undefined && { DriverOpts: driver_opts }),
        }),
      )
    },
    removeVolume: async (name) => {
      await change(`remove volume ${name}`, (docker) => docker.getVolume(name).remove().catch(unless(404)))
    },
  }
}
