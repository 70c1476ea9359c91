import { createPrivateEngine, type PrivateEngine } from '../private-engine.ts'
import { ensureEngine } from '../setup/engine.ts'
import { ensureImages } from '../setup/images.ts'

/** Runs with the images that the apps need, and with an engine of its own where that is asked for. */
export async function withImages(
  use: 'machine' | 'own',
  fn: (engine: PrivateEngine | undefined) => Promise<number>,
): Promise<number> {
  const say = (line: string) => console.log(line)
  await ensureEngine(say)
  const images = await ensureImages(say)
  process.env.PROXY_IMAGE = images.proxy
  process.env.REDIS_IMAGE = images.redis
  const engine = use === 'own' ? await createPrivateEngine([images.proxy, images.redis]) : undefined
  try {
    return await fn(engine)
  } finally {
    await engine?.remove()
  }
}

/** Whether Ctrl-C was pressed: what was made is removed then, as at the end. */
export function untilInterrupted(): () => boolean {
  let interrupted = false
  process.once('SIGINT', () => {
    interrupted = true
  })
  return () => interrupted
}
