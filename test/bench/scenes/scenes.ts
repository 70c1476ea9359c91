import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { type HandMadeNginx, openHandMadeNginx } from './hand-made-nginx.ts'
import { type Outside, openOutside } from './outside.ts'
import { deployable, deployPair, openSandbox, seldomLookedAt } from './sandboxes.ts'

/** What several parts of the run look at; each is set up once, by the first who asks. */
export interface Scenes {
  /** An app of which both releases run, 1 in blue and 2 in green. */
  pair: () => Promise<Sandbox>
  /** The same by hand. */
  nginx: () => Promise<HandMadeNginx>
  /** Where users are. */
  outside: () => Promise<Outside>
}

/** Takes note of something to be removed at the end. */
export type Keep = (opened: { remove: () => Promise<unknown> }) => void

/** Holds the scenes while `work` runs, and removes those that were set up, whatever happens. */
export async function withScenes<T>(bench: Bench, work: (scenes: Scenes) => Promise<T>): Promise<T> {
  const opened: { remove: () => Promise<unknown> }[] = []
  const keep: Keep = (scene) => opened.push(scene)
  try {
    return await work({
      pair: once(async () => {
        bench.say('Deploys an app in two colors …')
        const options = await deployable(bench, { version: '1' })
        const box = await openSandbox({ ...options, compose: seldomLookedAt({ version: '1' }) })
        keep(box)
        await deployPair(bench, { box, compose: seldomLookedAt })
        return box
      }),
      nginx: once(() => {
        bench.say('Sets up an nginx by hand …')
        return openHandMadeNginx(bench, keep)
      }),
      outside: once(async () => {
        const outside = await openOutside()
        keep(outside)
        return outside
      }),
    })
  } finally {
    await removeAll(opened.reverse(), bench.say)
  }
}

// One that cannot be removed must not keep the others.
async function removeAll(
  opened: readonly { remove: () => Promise<unknown> }[],
  say: Bench['say'],
): Promise<void> {
  for (const scene of opened) {
    try {
      await scene.remove()
    } catch (error) {
      say(`Something was left behind: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined
  return () => {
    opening ??= open()
    return opening
  }
}
