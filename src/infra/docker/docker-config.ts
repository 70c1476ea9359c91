import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder where the docker command keeps its configuration, and what config.json there says, if there is one. */
export async function dockerConfig(
  env: NodeJS.ProcessEnv,
): Promise<{ folder: string; settings: Record<string, unknown> | undefined }> {
  const folder = env.DOCKER_CONFIG ?? join(env.HOME ?? env.USERPROFILE ?? '/', '.docker')
  return { folder, settings: await readJson(join(folder, 'config.json')) }
}

/** undefined: there is no such file. */
export async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>)
}
