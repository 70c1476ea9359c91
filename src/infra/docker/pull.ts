import { Expected } from '../../domain/failure.ts'
import { run } from '../process/run.ts'
import { withoutDocker } from './look.ts'

const PULL_MS = 60 * 60_000

/** Pulls by name. */
export type Pull = {
  /** Pulls what a digest names; `image-missing`. */
  pullDigest(reference: string, service: string): Promise<void>
}

/** By the docker command, which knows the credentials of the user's registries. */
export function createPull({ env, signal }: { env: NodeJS.ProcessEnv; signal: () => AbortSignal }): Pull {
  return {
    pullDigest: async (reference, service) => {
      const { exitCode, stderr } = await run(['docker', 'pull', '-q', reference], {
        env,
        timeoutMs: PULL_MS,
        signal: signal(),
      }).catch(withoutDocker)
      if (exitCode === 0) return
      throw new Expected({ code: 'image-missing', service, image: reference, output: stderr.trim() })
    },
  }
}
