import { CannotInstall } from './cannot-install.ts'
import { ensureEngine } from './engine.ts'
import { ensureImages } from './images.ts'
import { ensurePrograms } from './programs.ts'

/** Runs before any test; the worker processes inherit the names of the images. */
export async function setup(): Promise<void> {
  const say = (line: string) => console.log(line)
  try {
    await ensureEngine(say)
    await ensurePrograms(say)
    const images = await ensureImages(say, ['postgres'])
    process.env.PROXY_IMAGE = images.proxy
    process.env.NODE_IMAGE = images.node
    process.env.REDIS_IMAGE = images.redis
    process.env.POSTGRES_IMAGE = images.postgres
  } catch (error) {
    if (!(error instanceof CannotInstall)) throw error
    // Vitest would show where it was thrown, which helps nobody, and end with 1.
    console.error(error.message)
    process.exit(3)
  }
}
