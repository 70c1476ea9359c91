import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder where the docker command keeps its configuration, and what config.json there says, if there is one. */
export function dockerConfig(env: NodeJS.ProcessEnv): {
  folder: string
  settings: Record<string, unknown> | undefined
} {
  // Set and empty is as good as not set, as the docker command has it.
  const folder = env.DOCKER_CONFIG || join(env.HOME || env.USERPROFILE || '/', '.docker')
  return { folder, settings: readJson(join(folder, 'config.json')) }
}

/** undefined: there is no such file, or no JSON in it. */
export function readJson(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}
